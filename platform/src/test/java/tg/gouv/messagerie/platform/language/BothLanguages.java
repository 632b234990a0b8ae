package tg.gouv.messagerie.platform.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What every package with sentences owes its readers: the same ones, about the same values, in French and in English. */
public final class BothLanguages {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d+}");

    private BothLanguages() {}

    /** Fails unless both files beside the class have the same keys, and each sentence names the same values in both. */
    public static void sayTheSameBeside(Class<?> neighbour) {
        ResourceBundle french = Messages.beside(neighbour, Locale.FRENCH).bundle();
        ResourceBundle english = Messages.beside(neighbour, Locale.ENGLISH).bundle();

        assertThat(french.keySet())
                .as("keys of messages_fr and messages_en beside %s", neighbour.getName())
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(english.keySet());
        for (String key : french.keySet()) {
            assertThat(placeholders(key, french.getString(key)))
                    .as("values in both sentences of %s", key)
                    .isEqualTo(placeholders(key, english.getString(key)));
        }
    }

    private static Set<String> placeholders(String key, String sentence) {
        int understood = new MessageFormat(sentence.replace("'", "''")).getFormatsByArgumentIndex().length;
        Set<String> placeholders = PLACEHOLDER
                .matcher(sentence)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(placeholders.isEmpty())
                .as("%s has braces for values only: %s", key, sentence)
                .isEqualTo(understood == 0);
        return placeholders;
    }
}
