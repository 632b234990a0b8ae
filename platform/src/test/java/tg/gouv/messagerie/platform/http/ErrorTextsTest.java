package tg.gouv.messagerie.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ErrorTextsTest {
    @Test
    void existInBothLanguagesAndNeedNoEscape() {
        ResourceBundle french = bundle(Locale.FRENCH);
        ResourceBundle english = bundle(Locale.ENGLISH);
        assertThat(new TreeSet<>(Collections.list(french.getKeys())))
                .isEqualTo(new TreeSet<>(Collections.list(english.getKeys())));
        for (ResourceBundle each : List.of(french, english)) {
            for (String key : Collections.list(each.getKeys())) {
                assertThat(each.getString(key)).as(key).isNotBlank().doesNotContain("\"", "\\", "<", "&", "%");
            }
        }
    }

    @Test
    void haveASentenceForEveryStatus() {
        for (int status = 400; status < 600; status++) {
            assertThat(ErrorTexts.of(List.of()).title(status)).isNotBlank();
            assertThat(ErrorTexts.of(List.of()).detail(status)).isNotBlank();
        }
    }

    private static ResourceBundle bundle(Locale locale) {
        return ResourceBundle.getBundle(
                "tg.gouv.messagerie.platform.http.messages",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }
}
