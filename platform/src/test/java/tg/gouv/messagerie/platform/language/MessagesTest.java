package tg.gouv.messagerie.platform.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.language.disagreeing.Disagreeing;

class MessagesTest {
    @Test
    void speaksFrenchUnlessEnglishIsAskedFor() {
        assertThat(in(Locale.FRENCH)).isEqualTo("L'attente de « Kofi » est de 1,5 s.");
        assertThat(in(Locale.of("fr", "TG"))).isEqualTo(in(Locale.FRENCH));
        assertThat(in(Locale.of("ee", "TG"))).isEqualTo(in(Locale.FRENCH));
        assertThat(in(Locale.ROOT)).isEqualTo(in(Locale.FRENCH));
        assertThat(in(Locale.UK)).isEqualTo("\"Kofi\" waits for 1.5 s; that's all.");
    }

    @Test
    void readsTheVariablesOfTheSystemInTheirOrder() {
        assertThat(Messages.wantedBy(Map.of())).isEqualTo(Locale.FRENCH);
        assertThat(Messages.wantedBy(Map.of("LANG", "C.UTF-8"))).isEqualTo(Locale.FRENCH);
        assertThat(Messages.wantedBy(Map.of("LANG", "en_US.UTF-8"))).isEqualTo(Locale.ENGLISH);
        assertThat(Messages.wantedBy(Map.of("LANG", "en_US.UTF-8", "LC_ALL", "fr_TG.UTF-8")))
                .isEqualTo(Locale.FRENCH);
        assertThat(Messages.wantedBy(Map.of("LC_ALL", "", "LC_MESSAGES", "en", "LANG", "fr_FR")))
                .isEqualTo(Locale.ENGLISH);
    }

    @Test
    void anUnknownSentenceOrPackageIsOurFault() {
        Messages messages = Messages.beside(MessagesTest.class, Locale.FRENCH);

        assertThat(messages.has("waits")).isTrue();
        assertThat(messages.has("sleeps")).isFalse();
        assertThatThrownBy(() -> messages.text("sleeps")).isInstanceOf(MissingResourceException.class);
        assertThatThrownBy(() -> Messages.beside(Test.class, Locale.FRENCH))
                .isInstanceOf(MissingResourceException.class);
    }

    @Test
    void aValueMissingInOneLanguageIsNoticed() {
        BothLanguages.sayTheSameBeside(MessagesTest.class);

        assertThatThrownBy(() -> BothLanguages.sayTheSameBeside(Disagreeing.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("values in both sentences of waits");
    }

    private static String in(Locale locale) {
        return Messages.beside(MessagesTest.class, locale).text("waits", "Kofi", 1.5);
    }
}
