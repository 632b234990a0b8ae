package tg.gouv.messagerie.directory.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.signin.PasswordRules.Verdict;
import tg.gouv.messagerie.platform.settings.Secret;

/** What is a password and what is not. */
class PasswordRulesTest {
    private static final List<String> KOFI = List.of("Kofi Mensah-Agbékponou", "kofi.mensah@gouv.tg", "M-204117");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "soleil-sur-la-lagune",
                "marché d'Adawlato",
                "une phrase a moi",
                "un-bon-mot-de-passe",
                "Lagune42 Baobab",
                "xk3vq9dwzp7r",
                "кот сидит на окне"
            })
    void takesPhrasesAndWhatNobodyGuesses(String password) {
        assertThat(judge(password)).isEqualTo(Verdict.GOOD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "court", "xk3vq9dwzp7", "🐘🐘🐘🐘🐘🐘"})
    void refusesShortOnes(String password) {
        assertThat(judge(password)).isEqualTo(Verdict.SHORT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "motdepasse2026!",
                "M0tDeP@sse-2026",
                "azertyuiop12",
                "poiuytreza2026",
                "123456789012",
                "ababababababab",
                "République2026",
                "LoméTogo20262026",
                "togo togo togo togo"
            })
    void refusesCommonOnes(String password) {
        assertThat(judge(password)).isEqualTo(Verdict.COMMON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kofi.mensah.2026", "MensahKofi!!!1", "Agbekponou-1984", "k0f1togo20262026"})
    void refusesWhatIsMadeOfItsOwnersNames(String password) {
        assertThat(judge(password)).isEqualTo(Verdict.OWN);
    }

    private static Verdict judge(String password) {
        return new PasswordRules(SignInSettings.byDefault()).judge(new Secret(password), KOFI);
    }
}
