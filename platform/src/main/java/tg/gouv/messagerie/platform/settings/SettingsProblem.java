package tg.gouv.messagerie.platform.settings;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import tg.gouv.messagerie.platform.language.Messages;

/**
 * One thing that is wrong in a settings file: where, and what, for a reader of French or of English.
 *
 * @param line from 1; absent when the whole file is meant, or something that is not in it
 * @param key the setting or table, such as {@code mail.imap.listen}; empty when the whole file is meant
 * @param sentence which sentence of {@code messages_fr.properties} and {@code messages_en.properties}
 * @param values what the sentence names, as it was written; never a secret
 */
public record SettingsProblem(OptionalInt line, String key, String sentence, List<String> values) {
    /** Longer values are cut: a problem is one line of a terminal or two, whatever the file holds. */
    private static final int VALUE_LENGTH_MAX = 300;

    public SettingsProblem {
        key = printable(key);
        values = values.stream().map(SettingsProblem::printable).toList();
    }

    /** The place and the sentence, in one line, in English for every English locale and in French for every other one. */
    public String text(Locale locale) {
        Messages messages = Messages.beside(SettingsProblem.class, locale);
        String said = messages.text(sentence, values.toArray());
        String located = key.isEmpty() ? said : messages.text("at.key", key, said);
        return line.isEmpty() ? located : messages.text("at.line", String.valueOf(line.getAsInt()), located);
    }

    /** What a file holds must not steer the terminal it is shown on. */
    private static String printable(String value) {
        String cut = value.length() > VALUE_LENGTH_MAX ? value.substring(0, VALUE_LENGTH_MAX) + "…" : value;
        return cut.codePoints()
                .mapToObj(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                        ? String.format(Locale.ROOT, "\\u%04x", c)
                        : Character.toString(c))
                .collect(Collectors.joining());
    }
}
