package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.signin.Totp;
import tg.gouv.messagerie.platform.settings.Secret;

/** « Mon compte » of the whole program, as a browser without script has it. */
class AccountPagesTest {
    private static final String SECRET = "la pirogue revient au soir";
    private static final String OTHER = "le baobab garde son ombre";

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
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    private static AccountId made(String given, String family) {
        return program.provisioning()
                .person(new Person(
                        Optional.empty(),
                        new PersonName(given, family),
                        address(given),
                        Locale.FRENCH,
                        Optional.of(new EntityCode("sante"))));
    }

    private static MailAddress address(String given) {
        return MailAddress.of(given.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "") + "@gouv.tg");
    }

    private static AccountId person(String given) {
        AccountId account = made(given, "Agbo");
        program.provisioning().state(account, Account.State.ACTIVE);
        program.provisioning().password(account, new Secret(SECRET));
        return account;
    }

    private static TextBrowser browser() {
        return new TextBrowser(program);
    }

    private static TextBrowser signedIn(String given) {
        TextBrowser browser = browser();
        browser.go("/compte").send("/entrer", Map.of("adresse", address(given).toString(), "mot-de-passe", SECRET));
        assertThat(browser.place()).isEqualTo("/compte");
        return browser;
    }

    @Test
    void activatesWithALettersCodeAndIsIn() {
        made("Akossiwa", "Mensah");
        String code = program.activationCodes()
                .issue(address("Akossiwa"), false)
                .code()
                .reveal();
        try (TextBrowser browser = browser()) {
            browser.go("/activer");
            Map<String, String> filled = Map.of(
                    "adresse", "akossiwa@gouv.tg", "code", code.toLowerCase(Locale.ROOT), "mot-de-passe", SECRET);
            browser.send("/activer", with(filled, "encore", OTHER));
            assertThat(browser.status()).isEqualTo(422);
            assertThat(browser.text()).contains("Les deux mots de passe ne sont pas les mêmes");
            browser.send("/activer", with(with(filled, "mot-de-passe", "court"), "encore", "court"));
            assertThat(browser.status()).isEqualTo(422);
            browser.send("/activer", with(filled, "encore", SECRET));
            assertThat(browser.place()).isEqualTo("/compte?fait=activated");
            assertThat(browser.text()).contains("Akossiwa Mensah", "Votre compte est ouvert");
            browser.go("/activer").send("/activer", with(filled, "encore", SECRET)); // used
            assertThat(browser.status()).isEqualTo(422);
            assertThat(browser.text()).contains("ne vont pas ensemble");
        }
    }

    @Test
    void wrongPasswordAndUnknownPersonAreToldAlike() {
        person("Kodjo");
        try (TextBrowser browser = browser()) {
            browser.go("/entrer").send("/entrer", Map.of("adresse", "kodjo@gouv.tg", "mot-de-passe", "faux"));
            assertThat(browser.status()).isEqualTo(422);
            String known = browser.page().select(".wrong").text();
            browser.go("/entrer").send("/entrer", Map.of("adresse", "personne@gouv.tg", "mot-de-passe", "faux"));
            assertThat(browser.page().select(".wrong").text()).isEqualTo(known).isNotEmpty();
            assertThat(browser.cookie("__Host-seance")).isEmpty();
        }
    }

    @Test
    void goesWhereOneWantedToAndNeverElsewhere() {
        person("Yawa");
        try (TextBrowser browser = browser()) {
            browser.go("/compte/sessions").send("/entrer", Map.of("adresse", "yawa@gouv.tg", "mot-de-passe", SECRET));
            assertThat(browser.place()).isEqualTo("/compte/sessions");
        }
        for (String elsewhere : List.of(
                "//evil.example",
                "https://evil.example/",
                "/\\evil.example",
                "/compte/../../x",
                "javascript:alert(1)",
                "/compte\r\nSet-Cookie: a=b")) {
            try (TextBrowser browser = browser()) {
                browser.go("/entrer")
                        .send(
                                "/entrer",
                                Map.of(
                                        "adresse", "yawa@gouv.tg",
                                        "mot-de-passe", SECRET,
                                        "vers", elsewhere));
                assertThat(browser.place()).as(elsewhere).isEqualTo("/compte");
            }
        }
    }

    @Test
    void aSessionThatWasPlantedIsNotTheOneThatSignsIn() {
        person("Edem");
        try (TextBrowser browser = signedIn("Edem")) {
            String first = browser.cookie("__Host-seance").orElseThrow();
            browser.go("/entrer"); // who is in already goes on
            assertThat(browser.place()).isEqualTo("/compte");
            browser.send("/sortir", Map.of());
            assertThat(browser.title()).isEqualTo("Vous êtes sorti");
            browser.go("/compte").send("/entrer", Map.of("adresse", "edem@gouv.tg", "mot-de-passe", SECRET));
            assertThat(browser.cookie("__Host-seance").orElseThrow()).isNotEqualTo(first);
            browser.forget("__Host-seance");
            browser.raw(HttpRequest.newBuilder(browser.address("/compte")).header("Cookie", "__Host-seance=" + first));
            assertThat(browser.status()).isEqualTo(303);
        }
    }

    @Test
    void cookiesAreForThisHostOverTlsOutOfReachOfScriptsAndOtherSites() {
        person("Dzifa");
        try (TextBrowser browser = browser()) {
            browser.go("/entrer");
            assertThat(browser.headers("Set-Cookie"))
                    .isNotEmpty()
                    .allSatisfy(it -> assertThat(it)
                            .startsWith("__Host-")
                            .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"));
            assertThat(browser.header("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "script-src");
            assertThat(browser.header("Cache-Control")).contains("no-store, no-cache");
        }
    }

    @Test
    void anActWithoutOurTokenOrFromAnotherSiteIsNotDone() {
        person("Sena");
        try (TextBrowser browser = signedIn("Sena")) {
            Map<String, List<String>> nothing = Map.of();
            browser.post("/compte/sessions/toutes", nothing);
            assertThat(browser.status()).isEqualTo(403);
            browser.go("/compte/sessions");
            String token = browser.token();
            browser.raw(HttpRequest.newBuilder(browser.address("/compte/sessions/toutes"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Origin", "https://evil.example")
                    .POST(HttpRequest.BodyPublishers.ofString("jeton=" + token)));
            assertThat(browser.status()).isEqualTo(403);
            browser.raw(HttpRequest.newBuilder(browser.address("/compte/sessions/toutes"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Sec-Fetch-Site", "cross-site")
                    .POST(HttpRequest.BodyPublishers.ofString("jeton=" + token)));
            assertThat(browser.status()).isEqualTo(403);
            try (TextBrowser other = browser()) { // a token of another browser
                other.go("/entrer");
                String theirs = other.token();
                browser.post("/compte/sessions/toutes", Map.of("jeton", List.of(theirs)));
                assertThat(browser.status()).isEqualTo(403);
                assertThat(browser.text()).contains("rien n'a été fait");
            }
            browser.go("/compte");
            assertThat(browser.status()).isEqualTo(200);
            assertThat(browser.title()).isEqualTo("Mon compte");
        }
    }

    @Test
    void aDevicePasswordIsShownOnceServesAtOnceAndIsTakenBack() throws IOException {
        person("Afi");
        try (TextBrowser browser = signedIn("Afi")) {
            browser.go("/compte/appareils/ajouter/thunderbird")
                    .send("/compte/appareils/ajouter/thunderbird", Map.of("nom", "Portable <b>du</b> bureau"));
            assertThat(browser.status()).isEqualTo(200);
            String password = browser.page().select("#mot-de-passe-appareil").text();
            assertThat(password).matches("(\\w{4}-){6}\\w{4}");
            try (LineClient imap = LineClient.imap(program, "127.0.0.1");
                    DavClient calendars = new DavClient(program)) {
                assertThat(imap.say("a LOGIN afi@gouv.tg \"" + password + "\"")).startsWith("a OK");
                assertThat(calendars.whoAmI("afi@gouv.tg", password).body()).contains("<D:href>/dav/principals/");
                browser.go("/compte/appareils");
                assertThat(browser.text()).contains("Portable <b>du</b> bureau").doesNotContain(password);
                assertThat(browser.page().select("main b")).isEmpty();
                String act = browser.page().select("form[action~=/retirer]").attr("action");
                browser.send(act, Map.of());
                assertThat(browser.text()).contains("ne sert plus", "Vous n'avez encore ajouté aucun appareil");
                browser.go("/compte/appareils");
            }
            TestProgram.await("the device opens nothing", () -> {
                try (LineClient imap = LineClient.imap(program, "127.0.0.1");
                        DavClient calendars = new DavClient(program)) {
                    return imap.say("a LOGIN afi@gouv.tg \"" + password + "\"").startsWith("a NO")
                            && calendars.whoAmI("afi@gouv.tg", password).statusCode() == 401;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            TestProgram.await( // the trail tells what is in its chain, which is a moment later
                    "the owner sees it in the ledger",
                    () -> !browser.go("/compte/acces").page().select("tbody tr").isEmpty());
            assertThat(browser.title()).isEqualTo("Qui a ouvert mon compte");
        }
    }

    @Test
    void theSecondFactorIsTurnedOnUsedAndTurnedOff() {
        person("Mawuli");
        try (TextBrowser browser = signedIn("Mawuli")) {
            browser.go("/compte/second-facteur").send("/compte/second-facteur", Map.of());
            String secret = browser.page().select(".secret").text().replace(" ", "");
            assertThat(browser.page().select("svg path").attr("d")).startsWith("M");
            browser.send("/compte/second-facteur/activer", Map.of("code", "000000"));
            assertThat(browser.status()).isEqualTo(422);
            browser.send("/compte/second-facteur/activer", Map.of("code", code(secret)));
            List<String> recovery = browser.page().select(".secret li").eachText();
            assertThat(recovery).hasSize(10);
            browser.go("/compte/second-facteur");
            assertThat(browser.text()).contains("Le second facteur est actif depuis", "10 codes de secours");
            try (TextBrowser elsewhere = browser()) {
                elsewhere.go("/compte").send("/entrer", Map.of("adresse", "mawuli@gouv.tg", "mot-de-passe", SECRET));
                assertThat(elsewhere.title()).isEqualTo("Code de votre téléphone");
                elsewhere.go("/compte");
                assertThat(elsewhere.title()).isEqualTo("Entrer"); // half is nothing
                elsewhere.go("/entrer/code").send("/entrer/code", Map.of("code", "111111"));
                assertThat(elsewhere.status()).isEqualTo(422);
                elsewhere.send("/entrer/code", Map.of("code", recovery.getFirst()));
                assertThat(elsewhere.title()).isEqualTo("Mon compte");
            }
            browser.go("/compte/second-facteur")
                    .send("/compte/second-facteur/retirer", Map.of("code", recovery.getLast()));
            assertThat(browser.text()).contains("Le second facteur est retiré");
        }
    }

    /** What a telephone shows that was told this secret. */
    private static String code(String base32) {
        return Totp.code(new Base32().decode(base32), Clock.systemUTC().instant());
    }

    @Test
    void anotherPasswordEndsOtherSessionsAndNotThisOne() {
        person("Kossi");
        try (TextBrowser browser = signedIn("Kossi");
                TextBrowser other = signedIn("Kossi")) {
            browser.go("/compte/mot-de-passe")
                    .send("/compte/mot-de-passe", Map.of("actuel", "faux", "mot-de-passe", OTHER, "encore", OTHER));
            assertThat(browser.status()).isEqualTo(422);
            browser.send("/compte/mot-de-passe", Map.of("actuel", SECRET, "mot-de-passe", OTHER, "encore", OTHER));
            assertThat(browser.text()).contains("Votre mot de passe est changé");
            other.go("/compte");
            assertThat(other.title()).isEqualTo("Entrer");
            browser.go("/compte");
            assertThat(browser.title()).isEqualTo("Mon compte");
        }
    }

    @Test
    void sessionsAreListedAndEnded() {
        person("Enyo");
        try (TextBrowser browser = signedIn("Enyo");
                TextBrowser other = signedIn("Enyo")) {
            browser.go("/compte/sessions");
            assertThat(browser.page().select("tbody tr")).hasSize(2);
            String act = browser.page().select("tbody tr").stream()
                    .filter(it -> !it.text().contains("celui-ci"))
                    .findFirst()
                    .orElseThrow()
                    .select("form")
                    .attr("action");
            browser.send(act, Map.of());
            assertThat(browser.text()).contains("Cette session est terminée");
            other.go("/compte");
            assertThat(other.title()).isEqualTo("Entrer");
            browser.go("/compte/sessions").send("/compte/sessions/toutes", Map.of());
            assertThat(browser.title()).isEqualTo("Vous êtes sorti");
            browser.go("/compte");
            assertThat(browser.title()).isEqualTo("Entrer");
        }
    }

    @Test
    void speaksTheLanguageThatWasChosenThenTheBrowsers() {
        try (TextBrowser browser = browser().in("en-GB,en;q=0.8")) {
            browser.go("/entrer");
            assertThat(browser.title()).isEqualTo("Sign in");
            assertThat(browser.page().select("html").attr("lang")).isEqualTo("en");
            browser.go("/langue/fr?vers=/compte");
            assertThat(browser.title()).isEqualTo("Entrer");
            browser.go("/activer");
            browser.follow(".language a");
            assertThat(browser.title()).isEqualTo("Activate my account");
        }
        try (TextBrowser browser = browser().in("de")) {
            browser.go("/entrer");
            assertThat(browser.title()).isEqualTo("Entrer");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/compte",
                "/compte/appareils",
                "/compte/appareils/ajouter",
                "/compte/appareils/ajouter/apple",
                "/compte/mot-de-passe",
                "/compte/second-facteur",
                "/compte/sessions",
                "/compte/acces",
                "/compte/droits",
                "/compte/donnees"
            })
    void noPageOfAnAccountIsShownToWhoIsNotIn(String path) {
        try (TextBrowser browser = browser()) {
            browser.go(path);
            assertThat(browser.title()).isEqualTo("Entrer");
            assertThat(browser.place()).startsWith("/entrer?vers=");
        }
    }

    @Test
    void badRequestsAreAPageAndNothingIsDone() {
        person("Selom");
        try (TextBrowser browser = signedIn("Selom")) {
            browser.go("/compte/appareils/ajouter/fax");
            assertThat(browser.status()).isEqualTo(404);
            assertThat(browser.title()).isEqualTo("Page introuvable");
            browser.go("/compte/acces?avant=demain");
            assertThat(browser.status()).isEqualTo(422);
            browser.raw(HttpRequest.newBuilder(browser.address("/compte/mot-de-passe"))
                    .DELETE());
            assertThat(browser.status()).isEqualTo(405);
            browser.raw(HttpRequest.newBuilder(browser.address("/entrer"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("adresse=" + "a".repeat(10 << 20))));
            assertThat(browser.status()).isEqualTo(413);
            browser.raw(HttpRequest.newBuilder(browser.address("/entrer"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("adresse=%FF%FE")));
            assertThat(browser.status()).isEqualTo(400);
            browser.raw(HttpRequest.newBuilder(browser.address("/entrer"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}")));
            assertThat(browser.status()).isEqualTo(415);
        }
    }

    @Test
    void whatIsKeptOfMeIsOneFile() {
        person("Abra");
        try (TextBrowser browser = signedIn("Abra")) {
            browser.go("/compte/donnees").send("/compte/donnees", Map.of());
            assertThat(browser.status()).isEqualTo(200);
            assertThat(browser.header("Content-Type")).contains("application/zip");
            assertThat(new String(browser.body(), 0, 2, StandardCharsets.US_ASCII))
                    .isEqualTo("PK");
        }
    }

    @Test
    void pagesAreLight() {
        person("Elom");
        try (TextBrowser browser = browser()) {
            browser.go("/entrer");
            int cold = browser.bytesOnTheLine();
            for (String loaded : browser.page().select("link[href^=/], script[src]").stream()
                    .map(it -> it.hasAttr("src") ? it.attr("src") : it.attr("href"))
                    .toList()) {
                browser.go(loaded);
                assertThat(browser.header("Cache-Control").orElseThrow()).contains("immutable");
                cold += browser.bytesOnTheLine();
            }
            assertThat(cold).isLessThan(25_000);
        }
        try (TextBrowser browser = signedIn("Elom")) {
            for (String path : List.of("/compte", "/compte/appareils", "/compte/sessions", "/compte/acces")) {
                browser.go(path);
                assertThat(browser.bytesOnTheLine()).as(path).isLessThan(8_000);
            }
        }
    }

    private static Map<String, String> with(Map<String, String> some, String name, String value) {
        Map<String, String> all = new HashMap<>(some);
        all.put(name, value);
        return all;
    }
}
