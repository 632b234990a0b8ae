package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights.Given;

/** Rights that are given and taken back on pages, for focal points of two ministries. */
class GrantPagesTest {
    private static final String ALL = "/gestion/droits";
    private static final String GIVE = ALL + "/donner";

    @TempDir
    private static Path folder;

    private static TwoMinistries state;

    @BeforeAll
    static void start() throws Exception {
        state = new TwoMinistries(folder);
    }

    @AfterAll
    static void stop() {
        state.close();
    }

    private static List<Given> held(AccountId account) {
        return state.program().rights().heldBy(account);
    }

    @Test
    void givesRightsThatWereShownAndTakesThemBack() {
        AccountId kafui = state.person("kafui", "Kafui <b>", "Agbo", "sante");
        try (TextBrowser browser = state.signedIn("focal");
                TextBrowser holder = state.signedIn("kafui")) {
            browser.go("/gestion").go(ALL);
            assertThat(browser.text()).contains("Vous, dans : Santé", "Point Focal – focal@gouv.tg");
            browser.go(GIVE);
            assertThat(browser.page().select("select[name=service] option").eachAttr("value"))
                    .containsExactly("", "sante", "sante.sud");
            browser.send(
                    GIVE,
                    Map.of(
                            "personne", "kafui@gouv.tg",
                            "droits", "look",
                            "service", "sante.sud",
                            "budget", "7",
                            "jusque", "2099-12-31"));
            assertThat(browser.text())
                    .contains(
                            "Kafui <b> Agbo (kafui@gouv.tg) pourra, dans : Santé Sud",
                            "Voir l'état des comptes",
                            "plus de 7 comptes",
                            "1 janvier 2100");
            assertThat(browser.page().select("main b")).isEmpty();
            assertThat(held(kafui)).isEmpty();
            String token = browser.token();
            browser.send(GIVE, Map.of("faire", "oui"));
            assertThat(browser.place()).isEqualTo(ALL + "?fait=given");
            assertThat(browser.text()).contains("Kafui <b> Agbo – kafui@gouv.tg", "Encore 7 sur 7");
            browser.post(
                    GIVE,
                    Map.of(
                            "jeton", List.of(token),
                            "personne", List.of("kafui@gouv.tg"),
                            "droits", List.of("look"),
                            "service", List.of("sante.sud"),
                            "budget", List.of("7"),
                            "jusque", List.of("2099-12-31"),
                            "faire", List.of("oui")));
            assertThat(held(kafui)).singleElement().extracting(Given::rights).isEqualTo(Set.of(Right.LOOK));
            holder.go(ALL);
            assertThat(holder.text()).contains("Vous, dans : Santé Sud", "encore 7 comptes");
            assertThat(holder.page().select("a[href=" + GIVE + "]")).isEmpty();
            assertThat(holder.go(GIVE).status()).isEqualTo(403);
            String take = ALL + "/" + held(kafui).getFirst().id() + "/reprendre";
            assertThat(holder.go(take).status()).isEqualTo(404);
            browser.go(take).send(take, Map.of());
            assertThat(browser.text()).contains("n'a plus ces droits");
            browser.send(take, Map.of("faire", "oui"));
            assertThat(browser.place()).isEqualTo(ALL + "?fait=taken");
            assertThat(held(kafui)).isEmpty();
            assertThat(browser.go(take).status()).isEqualTo(404);
        }
    }

    @Test
    void whatIsWrongOrNotOnesOwnIsRefusedAndNothingIsGiven() {
        AccountId sena = state.person("sena", "Sena", "Koffi", "sante");
        try (TextBrowser browser = state.signedIn("focal")) {
            for (Map<String, String> wrong : List.of(
                    Map.of("personne", "nul@gouv.tg", "droits", "look", "service", "sante"),
                    Map.of("personne", "sena", "droits", "look", "service", "sante"),
                    Map.of("personne", "sena@gouv.tg", "service", "sante"),
                    Map.of("personne", "sena@gouv.tg", "droits", "tout", "service", "sante"),
                    Map.of("personne", "sena@gouv.tg", "droits", "look", "service", "finances"),
                    Map.of("personne", "sena@gouv.tg", "droits", "look", "service", ""),
                    Map.of("personne", "sena@gouv.tg", "droits", "look", "service", "sante", "budget", "-1"),
                    Map.of("personne", "sena@gouv.tg", "droits", "look", "service", "sante", "budget", "tous"),
                    Map.of("personne", "sena@gouv.tg", "droits", "look", "service", "sante", "jusque", "2020-01-01"))) {
                for (String last : List.of("", "oui")) {
                    Map<String, String> filled = new HashMap<>(Map.of("service", ""));
                    filled.putAll(wrong);
                    if (!last.isEmpty()) {
                        filled.put("faire", last);
                    }
                    browser.go(GIVE).send(GIVE, filled);
                    assertThat(browser.status()).as("%s", filled).isEqualTo(422);
                }
            }
            assertThat(held(sena)).isEmpty();
        }
    }

    @Test
    void theGrantsOfAnotherMinistryAreNotThere() {
        AccountId other = state.program()
                .register()
                .person(MailAddress.of("autre@gouv.tg"))
                .orElseThrow()
                .account();
        String take = ALL + "/" + held(other).getFirst().id() + "/reprendre";
        try (TextBrowser browser = state.signedIn("focal")) {
            assertThat(browser.go(ALL).text()).doesNotContain("autre@gouv.tg");
            assertThat(browser.go(take).status()).isEqualTo(404);
            assertThat(browser.go(ALL + "/pas-un-droit/reprendre").status()).isEqualTo(404);
            String token = browser.go(GIVE).token();
            browser.post(take, Map.of("jeton", List.of(token), "faire", List.of("oui")));
            assertThat(browser.status()).isEqualTo(404);
            assertThat(held(other)).hasSize(1);
        }
        try (TextBrowser browser = state.signedIn("simple")) {
            assertThat(browser.go(ALL).status()).isEqualTo(403);
        }
    }
}
