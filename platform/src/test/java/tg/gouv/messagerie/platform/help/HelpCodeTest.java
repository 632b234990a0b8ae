package tg.gouv.messagerie.platform.help;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tg.gouv.messagerie.platform.language.Messages;

/** The codes that people read aloud on the telephone. */
class HelpCodeTest {
    /** What a number once meant it means for ever: a line is added here, none is changed. */
    private static final String GIVEN = """
            E01 WRONG_SECRET
            E02 TOO_MANY_ATTEMPTS
            E03 SIGN_IN_LATER
            E04 ENCRYPT_FIRST
            E05 SIGN_IN_FIRST
            E06 TRY_LATER
            E07 NO_ROOM
            E08 OVER_QUOTA
            E09 RECIPIENT_FULL
            E10 TOO_LARGE
            E11 UNKNOWN_RECIPIENT
            E12 NOT_YOUR_ADDRESS
            E13 NO_RELAY
            E14 NOTHING_OUTSIDE
            E15 TOO_MANY_RECIPIENTS
            E16 READ_ONLY
            E17 NOT_A_WRITER
            E18 NOT_PERMITTED
            E19 OUR_DOMAIN
            E20 A_ROOM
            E21 DAMAGED
            E22 BAD_MESSAGE
            E23 LOOP
            E24 BAD_NAME
            E25 BAD_FILTER
            """;

    @Test
    void aNumberMeansForEverWhatItMeant() {
        assertThat(Arrays.stream(HelpCode.values()).map(code -> code.number() + " " + code.name()))
                .containsExactly(GIVEN.split("\n"))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(HelpCode.class)
    void saysInBothLanguagesWhatHappenedAndWhatToDo(HelpCode code) {
        for (Locale language : new Locale[] {Locale.FRENCH, Locale.ENGLISH}) {
            assertThat(code.title(language)).isNotBlank().doesNotEndWith(".").hasSizeLessThan(60);
            assertThat(code.happened(language)).endsWith(".");
            assertThat(code.toDo(language)).endsWith(".");
        }
        assertThat(code.title(Locale.FRENCH)).isNotEqualTo(code.title(Locale.ENGLISH));
    }

    @Test
    void bothLanguagesHaveTheSameSentencesAndNoneTooMany() {
        ResourceBundle french = Messages.beside(HelpCode.class, Locale.FRENCH).bundle();
        ResourceBundle english = Messages.beside(HelpCode.class, Locale.ENGLISH).bundle();

        assertThat(french.keySet())
                .containsExactlyInAnyOrderElementsOf(english.keySet())
                .hasSize(3 * HelpCode.values().length);
    }

    @Test
    void isFoundAsSomebodyTypesIt() {
        assertThat(HelpCode.of(" e17 ")).contains(HelpCode.NOT_A_WRITER);
        assertThat(HelpCode.of("E99")).isEmpty();
        assertThat(HelpCode.of("../E01")).isEmpty();
        assertThat(HelpCode.WRONG_SECRET.after("Non / No")).isEqualTo("Non / No (aide E01)");
    }
}
