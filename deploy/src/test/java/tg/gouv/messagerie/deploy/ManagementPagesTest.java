package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.settings.Secret;

/** « Gestion » of the whole program: a focal point of one ministry, who may do nothing in another. */
class ManagementPagesTest {
    private static final String SECRET = "la pirogue revient au soir";

    @TempDir
    private static Path folder;

    private static TestProgram running;
    private static Program program;

    @BeforeAll
    static void start() throws Exception {
        running = new TestProgram(folder);
        program = running.program();
        program.provisioning().domain("gouv.tg");
        program.provisioning().entity(new Entity(new EntityCode("sante"), "Santé", Optional.empty()));
        program.provisioning().entity(new Entity(new EntityCode("finances"), "Finances", Optional.empty()));
        AccountId focal = person("focal", "Point", "Focal", "sante");
        program.provisioning()
                .grant(new Grant(
                        new Grant.OfAccount(focal),
                        Set.of(Right.values()),
                        Optional.of(new EntityCode("sante")),
                        OptionalInt.of(100),
                        Optional.empty(),
                        Optional.empty()));
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    private static AccountId person(String local, String given, String family, String entity) {
        AccountId account = program.provisioning()
                .person(new Person(
                        Optional.empty(),
                        new PersonName(given, family),
                        MailAddress.of(local + "@gouv.tg"),
                        Locale.FRENCH,
                        Optional.of(new EntityCode(entity))));
        program.provisioning().state(account, Account.State.ACTIVE);
        program.provisioning().password(account, new Secret(SECRET));
        return account;
    }

    private static TextBrowser signedIn(String local) {
        TextBrowser browser = new TextBrowser(program);
        browser.go("/compte").send("/entrer", Map.of("adresse", local + "@gouv.tg", "mot-de-passe", SECRET));
        assertThat(browser.place()).isEqualTo("/compte");
        return browser;
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
