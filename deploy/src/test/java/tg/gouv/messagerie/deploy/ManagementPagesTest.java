package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.MailAddress;

/** « Gestion » of the whole program: a focal point of one ministry, who may do nothing in another. */
class ManagementPagesTest {
    @TempDir
    private static Path folder;

    private static TwoMinistries state;
    private static Program program;

    @BeforeAll
    static void start() throws Exception {
        state = new TwoMinistries(folder);
        program = state.program();
    }

    @AfterAll
    static void stop() {
        state.close();
    }

    private static void person(String local, String given, String family, String entity) {
        state.person(local, given, family, entity);
    }

    private static TextBrowser signedIn(String local) {
        return state.signedIn(local);
    }

    @Test
    void findsPeopleOfTheOwnPartByTheBeginningOfTheirNamesAndNobodyElse() {
        person("ayele", "Ayélé <b>", "Kpodar", "sante");
        person("ayele2", "Ayélé", "Lawson", "finances");
        try (TextBrowser browser = signedIn("focal")) {
            browser.go("/gestion");
            assertThat(browser.text()).contains("Santé", "vous pouvez encore en créer");
            browser.go("/gestion/personnes?q=AYEL");
            assertThat(browser.text())
                    .contains("1 personne trouvée", "Ayélé <b> Kpodar")
                    .doesNotContain("Lawson");
            assertThat(browser.page().select("main b")).isEmpty();
            browser.go("/gestion/personnes?q=" + "x".repeat(200));
            assertThat(browser.status()).isEqualTo(422);
        }
    }

    @Test
    void seesHowAnAccountIsAndItsOwnerSeesThatSomebodyLooked() {
        person("kofi", "Kofi", "Adjei", "sante");
        try (TextBrowser browser = signedIn("focal");
                TextBrowser owner = signedIn("kofi")) {
            browser.go("/gestion/personnes/kofi@gouv.tg");
            assertThat(browser.text()).contains("Kofi Adjei", "Pas de second facteur", "Actif");
            browser.send("/gestion/personnes/kofi@gouv.tg/debloquer", Map.of());
            assertThat(browser.text()).contains("débloqué");
            TestProgram.await( // the trail tells what is in its chain, which is a moment later
                    "the owner sees who looked",
                    () -> owner.go("/compte/acces").text().contains("Point Focal"));
        }
    }

    @Test
    void showsWhatAnActWouldChangeBeforeItIsDone() {
        person("abla", "Abla", "Tossou", "sante");
        try (TextBrowser browser = signedIn("focal")) {
            String act = "/gestion/personnes/abla@gouv.tg/suspendre";
            browser.go(act).send(act, Map.of());
            assertThat(browser.text()).contains("Voici ce qui changera");
            assertThat(state("abla")).isEqualTo(Account.State.ACTIVE);
            browser.send(act, Map.of("faire", "oui"));
            assertThat(browser.text()).contains("C'est fait, par Point Focal");
            assertThat(state("abla")).isEqualTo(Account.State.SUSPENDED);
            String renaming = "/gestion/personnes/abla@gouv.tg/renommer";
            browser.go(renaming)
                    .send(renaming, Map.of("prenoms", "Abla", "nom", "Mensah", "adresse", "pas une adresse"));
            assertThat(browser.status()).isEqualTo(422);
        }
    }

    @Test
    void aDepartureSaysWhoReadsWhoAnswersAndWhichForwardsEnd() {
        person("dodzi", "Dodzi", "Amouzou", "sante");
        person("afi", "Afi", "Tete", "sante");
        String forward = "/compte/renvoi/regler";
        try (TextBrowser owner = signedIn("dodzi")) {
            owner.go(forward).send(forward, Map.of("adresses", "simple@gouv.tg"));
            owner.send(forward, Map.of("faire", "oui"));
            assertThat(owner.go("/compte/renvoi").text()).contains("simple@gouv.tg");
        }
        try (TextBrowser browser = signedIn("focal")) {
            String act = "/gestion/personnes/dodzi@gouv.tg/depart";
            browser.go(act)
                    .send(act, Map.of("lecteur", "afi@gouv.tg", "reponse", "afi@gouv.tg", "jusque", "2040-01-31"));
            assertThat(browser.text())
                    .contains(
                            "afi@gouv.tg lit les boîtes de Dodzi Amouzou",
                            "qu'il faut écrire à afi@gouv.tg",
                            "n'est plus renvoyé à simple@gouv.tg",
                            "se ferme le 1 février 2040");
            browser.send(act, Map.of("faire", "oui"));
            assertThat(browser.text()).contains("n'est plus renvoyé à simple@gouv.tg");
        }
    }

    private static Account.State state(String local) {
        return program.register()
                .person(MailAddress.of(local + "@gouv.tg"))
                .orElseThrow()
                .state();
    }

    @Test
    void aLetterIsAPdfWithANewCode() {
        person("yao", "Yao", "Amegan", "sante");
        try (TextBrowser browser = signedIn("focal")) {
            String act = "/gestion/personnes/yao@gouv.tg/lettre";
            browser.go(act).send(act, Map.of());
            assertThat(browser.header("Content-Type")).contains("application/pdf");
            assertThat(new String(browser.body(), 0, 4, StandardCharsets.US_ASCII))
                    .isEqualTo("%PDF");
        }
    }

    @Test
    void anotherMinistryIsRefusedInFrenchAndNothingIsChanged() {
        person("ama", "Ama", "Sossou", "finances");
        try (TextBrowser browser = signedIn("focal")) {
            for (String page : List.of(
                    "",
                    "/acces",
                    "/lettre",
                    "/affecter",
                    "/remettre",
                    "/renommer",
                    "/suspendre",
                    "/depart",
                    "/rouvrir")) {
                browser.go("/gestion/personnes/ama@gouv.tg" + page);
                assertThat(browser.status()).as(page).isGreaterThanOrEqualTo(400);
                assertThat(browser.text()).as(page).contains("droit").doesNotContain("Sossou");
            }
            browser.go("/gestion/personnes/abla-inconnue@gouv.tg");
            assertThat(browser.status()).isEqualTo(404);
            String token = browser.go("/gestion").token();
            for (String act : List.of("debloquer", "lettre", "suspendre", "depart")) {
                browser.post(
                        "/gestion/personnes/ama@gouv.tg/" + act,
                        Map.of("jeton", List.of(token), "faire", List.of("oui"), "jusque", List.of("2030-01-01")));
                assertThat(browser.status()).as(act).isGreaterThanOrEqualTo(400);
            }
            assertThat(state("ama")).isEqualTo(Account.State.ACTIVE);
        }
    }

    @Test
    void whoAdministersNothingSeesNothingOfIt() {
        person("komi", "Komi", "Ekoue", "sante");
        try (TextBrowser browser = signedIn("komi")) {
            assertThat(browser.page().select("nav a[href=/gestion]")).isEmpty();
            for (String page : List.of("/gestion", "/gestion/personnes?q=a", "/gestion/personnes/focal@gouv.tg")) {
                browser.go(page);
                assertThat(browser.status()).as(page).isEqualTo(403);
            }
        }
    }

    @Test
    void helpIsForEverybody() {
        try (TextBrowser browser = new TextBrowser(program)) {
            browser.go("/aide");
            assertThat(browser.status()).isEqualTo(200);
            List<String> links = browser.page().select("main a[href^=/aide/]").eachAttr("href");
            assertThat(links).hasSizeGreaterThan(20);
            for (String link : links) {
                browser.go(link);
                assertThat(browser.status()).as(link).isEqualTo(200);
                assertThat(browser.text()).as(link).doesNotContain("{0}");
            }
            browser.go("/aide?code=e01");
            assertThat(browser.place()).isEqualTo("/aide/E01");
            browser.go("/aide/E99");
            assertThat(browser.status()).isEqualTo(404);
        }
    }
}
