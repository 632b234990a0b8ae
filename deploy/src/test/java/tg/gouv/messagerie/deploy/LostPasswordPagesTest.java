package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static tg.gouv.messagerie.deploy.TestProgram.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.directory.signin.Totp;
import tg.gouv.messagerie.platform.settings.Secret;

/** What a person does alone whose password is lost, or whose program does not connect: with the whole program. */
class LostPasswordPagesTest {
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

    private static AccountId person(String name) {
        AccountId account = program.provisioning()
                .person(new Person(
                        Optional.empty(),
                        new PersonName(name, "Agbo"),
                        MailAddress.of(name + "@gouv.tg"),
                        Locale.FRENCH,
                        Optional.of(new EntityCode("sante"))));
        program.provisioning().state(account, Account.State.ACTIVE);
        program.provisioning().password(account, new Secret(SECRET));
        return account;
    }

    private static TextBrowser signedIn(String name) {
        TextBrowser browser = new TextBrowser(program);
        browser.go("/compte").send("/entrer", Map.of("adresse", name + "@gouv.tg", "mot-de-passe", SECRET));
        assertThat(browser.place()).isEqualTo("/compte");
        return browser;
    }

    /** What somebody keeps who has turned a second factor on. */
    private record Kept(String telephone, List<String> paper) {
        /** The code of the step after the present one, which no act has used. */
        String code() {
            return Totp.code(
                    new Base32().decode(telephone),
                    Clock.offset(Clock.systemUTC(), Duration.ofSeconds(30)).instant());
        }
    }

    private static Kept enrolled(TextBrowser browser) {
        browser.go("/compte/second-facteur").send("/compte/second-facteur", Map.of());
        String secret = browser.page().select(".secret").text().replace(" ", "");
        browser.send(
                "/compte/second-facteur/activer",
                Map.of(
                        "code",
                        Totp.code(new Base32().decode(secret), Clock.systemUTC().instant())));
        return new Kept(secret, browser.page().select(".secret li").eachText());
    }

    private static Map<String, String> filled(String name, String code, String recovery, String password) {
        return Map.of(
                "adresse",
                name + "@gouv.tg",
                "code",
                code,
                "secours",
                recovery,
                "mot-de-passe",
                password,
                "encore",
                password);
    }

    private static String wrong(TextBrowser browser, Map<String, String> filled) {
        browser.go("/oubli").send("/oubli", filled);
        assertThat(browser.status()).isEqualTo(422);
        return browser.page().select(".wrong").text();
    }

    @Test
    void twoCodesGiveAnotherPasswordOnceAndEndWhatWasOpen() throws IOException {
        person("perdue");
        try (TextBrowser open = signedIn("perdue");
                TextBrowser browser = new TextBrowser(program)) {
            Kept kept = enrolled(open);
            String first = kept.paper().getFirst();
            String code = kept.code();
            assertThat(wrong(browser, filled("perdue", code, first, "court"))).contains("12 caractères");
            assertThat(wrong(browser, filled("perdue", code, first, "perdue-agbo-2026")))
                    .isNotEmpty();
            browser.go("/oubli").send("/oubli", filled("perdue", code, first.toLowerCase(Locale.ROOT), OTHER));
            assertThat(browser.place()).isEqualTo("/entrer?fait=password-chosen");
            assertThat(browser.text()).contains("Votre nouveau mot de passe est choisi");
            open.go("/compte");
            assertThat(open.title()).isEqualTo("Entrer");
            browser.send("/entrer", Map.of("adresse", "perdue@gouv.tg", "mot-de-passe", OTHER));
            assertThat(browser.title()).isEqualTo("Code de votre téléphone");
            browser.send("/entrer/code", Map.of("code", kept.paper().get(1)));
            assertThat(browser.title()).isEqualTo("Mon compte");
            assertThat(browser.go("/compte/second-facteur").text()).contains("8 codes de secours");
            await(
                    "the owner sees it",
                    () -> browser.go("/compte/acces")
                            .text()
                            .contains("Le titulaire (vous) a changé votre mot de passe"));
            assertThat(browser.text()).contains("pour choisir un nouveau mot de passe");
            // the same two codes once more
            try (TextBrowser again = new TextBrowser(program)) {
                assertThat(wrong(again, filled("perdue", code, first, SECRET))).contains("ne vont pas ensemble");
            }
        }
        String password = device("perdue");
        await("a letter says so", () -> {
            try (LineClient imap = LineClient.imap(program, "127.0.0.1")) {
                assertThat(imap.say("a LOGIN perdue@gouv.tg \"" + password + "\""))
                        .startsWith("a OK");
                imap.hearAfter("b EXAMINE INBOX", "b ");
                return imap.hearAfter("c SEARCH TEXT \"codes de secours\"", "c ")
                                .contains("SEARCH 1")
                        || imap.hearAfter("c SEARCH TEXT \"codes de secours\"", "c ")
                                .contains("SEARCH 2");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private static String device(String name) {
        AccountId owner = program.directory()
                .byAddress(MailAddress.of(name + "@gouv.tg"))
                .orElseThrow()
                .id();
        return program.devicePasswords()
                .issue(owner, "Essai", Set.of(Protocol.IMAP), Optional.empty())
                .password()
                .reveal();
    }

    @Test
    void neitherCodeAloneNorUnknownPeopleAreToldApart() {
        person("prudente");
        person("sanscode");
        try (TextBrowser owner = signedIn("prudente");
                TextBrowser browser = new TextBrowser(program)) {
            Kept kept = enrolled(owner);
            String known =
                    wrong(browser, filled("prudente", "000000", kept.paper().getFirst(), OTHER));
            assertThat(known).contains("ne vont pas ensemble");
            Map<String, Map<String, String>> others = new HashMap<>();
            others.put(
                    "paper twice",
                    filled("prudente", kept.paper().get(2), kept.paper().get(1), OTHER));
            others.put("telephone twice", filled("prudente", kept.code(), kept.code(), OTHER));
            others.put("no second factor", filled("sanscode", "123456", "QX4T-7PLM-ZK2A-55VD", OTHER));
            others.put("nobody", filled("personne", "123456", "QX4T-7PLM-ZK2A-55VE", OTHER));
            others.put("lines", filled("personne\r\nx", "1\r\n2", "é".repeat(900), OTHER));
            others.forEach(
                    (what, each) -> assertThat(wrong(browser, each)).as(what).isEqualTo(known));
            assertThat(owner.go("/compte").title()).isEqualTo("Mon compte"); // nothing ended
            Map<String, String> unlike =
                    new HashMap<>(filled("prudente", kept.code(), kept.paper().get(3), OTHER));
            unlike.put("encore", SECRET);
            assertThat(wrong(browser, unlike)).contains("ne sont pas les mêmes");
            assertThat(owner.go("/compte/second-facteur").text()).contains("10 codes de secours");
            await(
                    "the owner sees that somebody tried",
                    () -> owner.go("/compte/acces").text().contains("à votre place, sans y arriver"));
        }
    }

    @Test
    void whoGuessesIsMadeToWait() {
        person("visee");
        try (TextBrowser owner = signedIn("visee");
                TextBrowser browser = new TextBrowser(program)) {
            enrolled(owner);
            int waits = 0;
            for (int i = 0; i < 40 && waits == 0; i++) {
                browser.go("/oubli").send("/oubli", filled("visee", "123456", "QX4T-7PLM-ZK2A-" + (5500 + i), OTHER));
                waits += browser.status() == 429 ? 1 : 0;
            }
            assertThat(waits).isEqualTo(1);
            assertThat(browser.text()).contains("Trop d'essais");
        }
    }

    @Test
    void aPersonSeesWhyAProgramIsNotLetIn() throws IOException {
        AccountId owner = person("essaie");
        String password = program.devicePasswords()
                .issue(owner, "Tablette <b>", Set.of(Protocol.SMTP), Optional.empty())
                .password()
                .reveal();
        try (TextBrowser browser = signedIn("essaie")) {
            browser.go("/compte/appareils/essai");
            assertThat(browser.text()).contains("n'a vu aucun essai");
            try (LineClient imap = LineClient.imap(program, "127.0.0.1")) {
                assertThat(imap.say("a LOGIN essaie@gouv.tg tout-faux")).startsWith("a NO");
                assertThat(imap.say("b LOGIN essaie@gouv.tg \"" + password + "\""))
                        .startsWith("b NO");
            }
            try (LineClient imap = LineClient.imap(program, "127.0.0.1")) {
                String gone = program.devicePasswords()
                        .issue(owner, "Perdu", Set.of(Protocol.IMAP), Optional.empty())
                        .password()
                        .reveal();
                program.devicePasswords().of(owner).stream()
                        .filter(it -> it.name().equals("Perdu"))
                        .forEach(it -> program.devicePasswords().revoke(owner, it.id()));
                await("it opens nothing", () -> {
                    try (LineClient other = LineClient.imap(program, "127.0.0.1")) {
                        return other.say("a LOGIN essaie@gouv.tg \"" + gone + "\"")
                                .startsWith("a NO");
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                assertThat(imap.say("a LOGIN essaie@gouv.tg \"" + SECRET + "\""))
                        .startsWith("a OK");
            }
            await(
                    "what was seen",
                    () -> browser.go("/compte/appareils/essai")
                                    .page()
                                    .select("tbody tr")
                                    .size()
                            >= 4);
            assertThat(browser.text())
                    .contains(
                            "Mot de passe faux",
                            "« Tablette <b> » est juste, mais il ne sert pas à cela",
                            "Mot de passe d'appareil qui ne sert plus",
                            "Entré avec votre mot de passe principal",
                            "Aide E01")
                    .doesNotContain(password);
            assertThat(browser.page().select("main b")).isEmpty();
            assertThat(browser.page().select("a[href=/aide/E01]")).isNotEmpty();
            assertThat(browser.bytesOnTheLine()).isLessThan(8_000);
        }
        person("protegee");
        try (TextBrowser browser = signedIn("protegee")) {
            enrolled(browser);
            try (LineClient imap = LineClient.imap(program, "127.0.0.1")) {
                assertThat(imap.say("a LOGIN protegee@gouv.tg \"" + SECRET + "\""))
                        .startsWith("a NO");
            }
            await(
                    "the main password where a device's own is asked for",
                    () -> browser.go("/compte/appareils/essai")
                            .text()
                            .contains(
                                    "Mot de passe principal utilisé alors qu'un mot de passe d'appareil est demandé"));
        }
    }

    @Test
    void aHiddenFunctionMailboxIsNotOpenedByOnesProgramsUntilItIsShown() throws IOException {
        person("titulaire");
        person("voisin");
        MailAddress address = MailAddress.of("budget@gouv.tg");
        PositionCode code = new PositionCode("directeur-budget");
        program.provisioning().position(new Position(code, "Directeur du Budget", new EntityCode("sante")));
        AccountId budget = program.provisioning().functionMailbox(new FunctionMailbox(address, "Budget", code));
        program.provisioning().assignment(new Assignment(MailAddress.of("titulaire@gouv.tg"), code));
        String login = "a LOGIN \"budget@gouv.tg*titulaire@gouv.tg\" \"" + SECRET + "\"";
        String hide = "/compte/droits/" + budget + "/cacher";
        try (TextBrowser browser = signedIn("titulaire");
                LineClient own = LineClient.imap(program, "127.0.0.1");
                LineClient live = LineClient.imap(program, "127.0.0.1")) {
            assertThat(own.say("a LOGIN titulaire@gouv.tg \"" + SECRET + "\"")).startsWith("a OK");
            assertThat(live.say(login)).startsWith("a OK");
            browser.go("/compte/droits");
            assertThat(browser.text()).contains("Budget", "budget@gouv.tg*titulaire@gouv.tg", "peuvent l'ouvrir");
            String token = browser.token();
            browser.send(hide, Map.of());
            assertThat(browser.text()).contains("Cette boîte est cachée", "aucun de vos appareils ne l'ouvre");
            browser.post(hide, Map.of("jeton", List.of(token))); // a second tab
            assertThat(browser.status()).isEqualTo(200);
            try (LineClient imap = LineClient.imap(program, "127.0.0.1")) {
                assertThat(imap.say(login)).startsWith("a NO");
            }
            assertThat(live.hearUntil("* BYE")).contains("BYE"); // what was open ends
            assertThat(own.say("b NOOP")).startsWith("b OK"); // and nothing else
            browser.send("/compte/droits/" + budget + "/montrer", Map.of());
            assertThat(browser.text()).contains("de nouveau ouvrir cette boîte");
            try (LineClient imap = LineClient.imap(program, "127.0.0.1")) {
                assertThat(imap.say(login)).startsWith("a OK");
            }
            await(
                    "the owner sees both",
                    () -> browser.go("/compte/acces").text().contains("a rouvert une boîte de fonction"));
            assertThat(browser.text()).contains("a caché une boîte de fonction");
        }
        try (TextBrowser other = signedIn("voisin")) { // somebody else's, one's own address, and nothing
            other.go("/compte/droits");
            String token = other.go("/compte/langue").token();
            AccountId voisin = program.directory()
                    .byAddress(MailAddress.of("voisin@gouv.tg"))
                    .orElseThrow()
                    .id();
            for (String which : List.of(budget.toString(), voisin.toString(), "x", "0")) {
                other.post("/compte/droits/" + which + "/cacher", Map.of("jeton", List.of(token)));
                assertThat(other.status()).as(which).isIn(404, 422);
                assertThat(other.page().select("main").text()).isNotEmpty();
            }
        }
    }
}
