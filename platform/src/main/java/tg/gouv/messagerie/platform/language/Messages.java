package tg.gouv.messagerie.platform.language;

import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;

/**
 * The sentences of one package in the reader's language: {@code messages_fr.properties}, or {@code messages_en.properties}
 * where English is asked for, beside its classes. French is the default.
 */
public final class Messages {
    private final ResourceBundle bundle;
    private final Locale locale;

    private Messages(ResourceBundle bundle, Locale locale) {
        this.bundle = bundle;
        this.locale = locale;
    }

    /**
     * The sentences beside a class.
     *
     * @param neighbour a class of the package that holds the two files
     * @param locale any English one gives English, every other one French
     * @throws java.util.MissingResourceException if the package has no such file
     */
    public static Messages beside(Class<?> neighbour, Locale locale) {
        Locale spoken = spoken(locale.getLanguage());
        ResourceBundle bundle = ResourceBundle.getBundle(
                neighbour.getPackageName() + ".messages",
                spoken,
                neighbour.getClassLoader(),
                Control.getNoFallbackControl(Control.FORMAT_PROPERTIES));
        return new Messages(bundle, spoken);
    }

    /** The language that the variables of {@code locale(7)} ask for. */
    public static Locale wantedBy(Map<String, String> environment) {
        for (String variable : List.of("LC_ALL", "LC_MESSAGES", "LANG")) {
            String wanted = environment.getOrDefault(variable, "");
            if (!wanted.isEmpty()) {
                return spoken(wanted);
            }
        }
        return Locale.FRENCH;
    }

    /**
     * A sentence; {@code {0}} and so on stand for the values, an apostrophe is an apostrophe.
     *
     * @param values numbers are written as the language writes them; give text where they must stay as they are
     * @throws java.util.MissingResourceException if there is no such sentence
     */
    public String text(String key, Object... values) {
        return new MessageFormat(bundle.getString(key).replace("'", "''"), locale).format(values);
    }

    /** Whether there is such a sentence. */
    public boolean has(String key) {
        return bundle.containsKey(key);
    }

    /** The sentences as they are in the file, for libraries that look them up by themselves. */
    public ResourceBundle bundle() {
        return bundle;
    }

    /** The language: French or English. */
    public Locale locale() {
        return locale;
    }

    private static Locale spoken(String wanted) {
        return wanted.startsWith("en") ? Locale.ENGLISH : Locale.FRENCH;
    }
}
