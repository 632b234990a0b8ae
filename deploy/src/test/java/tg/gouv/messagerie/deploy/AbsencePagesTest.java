package tg.gouv.messagerie.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static tg.gouv.messagerie.deploy.TestProgram.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import tg.gouv.messagerie.platform.settings.Secret;

/** An absence and a forward, set on their pages, and what becomes of mail then: with the whole program. */
class AbsencePagesTest {
    private static final String SECRET = "la pirogue revient au soir";
    /** To whom, in the demonstration's settings, everything arrives that leaves the State. */
    private static final String OUTSIDE = "monde.exterieur";

    private static final String LONG = "é".repeat(10_000);

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
        person(OUTSIDE);
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    private static AccountId person(String name) {
        AccountId account = program.provisioning()
                .person(new Person(
                        Optional.empty(),
                        new PersonName(name.replace('.', ' '), "Agbo"),
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

    /** A message arrives from a server, as if from the internet. */
    private static void arrives(String from, String to, String subject, String more) throws IOException {
        try (LineClient smtp = LineClient.smtp(program)) {
            assertThat(smtp.say("MAIL FROM:<" + from + ">")).startsWith("250");
            assertThat(smtp.say("RCPT TO:<" + to + ">")).startsWith("250");
            assertThat(smtp.say("DATA")).startsWith("354");
            assertThat(smtp.say("From: " + from + "\r\nTo: " + to + "\r\nSubject: " + subject + "\r\n" + more
                            + "\r\nBonjour\r\n."))
                    .startsWith("250");
        }
    }

    /** Somebody writes to a colleague. */
    private static void writes(String from, String to, String subject) throws IOException {
        try (LineClient smtp = LineClient.submission(program, "127.0.0.1")) {
            String plain = Base64.getEncoder().encodeToString(("\0" + from + "\0" + SECRET).getBytes(UTF_8));
            assertThat(smtp.say("AUTH PLAIN " + plain)).startsWith("235");
            assertThat(smtp.say("MAIL FROM:<" + from + ">")).startsWith("250");
            assertThat(smtp.say("RCPT TO:<" + to + ">")).startsWith("250");
            assertThat(smtp.say("DATA")).startsWith("354");
            assertThat(smtp.say("From: " + from + "\r\nTo: " + to + "\r\nSubject: " + subject + "\r\n\r\nBonjour\r\n."))
                    .startsWith("250");
        }
    }

    /** How many messages of an account have a word in their header or body. */
    private static int found(String name, String word) throws IOException {
        return found(name, "INBOX", word);
    }

    private static int found(String name, String mailbox, String word) throws IOException {
        try (LineClient imap = LineClient.imap(program, "127.0.0.1")) {
            assertThat(imap.say("a LOGIN " + name + "@gouv.tg \"" + SECRET + "\""))
                    .startsWith("a OK");
            imap.hearAfter("b EXAMINE " + mailbox, "b ");
            String heard = imap.hearAfter("c SEARCH TEXT \"" + word + "\"", "c ");
            return heard.lines()
                    .filter(it -> it.startsWith("* SEARCH"))
                    .mapToInt(it -> it.strip().split(" ", -1).length - 2)
                    .sum();
        }
    }

    private static void awaitFound(String name, String word, int times) {
        await(word + " in " + name, () -> {
            try {
                return found(name, word) == times;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private static String day(int ahead) {
        return LocalDate.now(java.time.ZoneId.of("Africa/Lome")).plusDays(ahead).toString();
    }

    private static Map<String, String> absence(String inside, String outside, String from, String until) {
        return Map.of("interne", inside, "externe", outside, "du", from, "au", until);
    }

    @Test
    void colleaguesAndOthersAreToldEachTheirOwnOnce() throws IOException {
        person("absente");
        person("collegue");
        try (TextBrowser browser = signedIn("absente")) {
            browser.go("/compte/absence");
            assertThat(browser.text()).contains("personne ne reçoit de réponse");
            browser.send("/compte/absence", absence("mot-interne : voyez Kofi", "mot-externe", "", day(3)));
            assertThat(browser.text()).contains("est enregistré", "est envoyé en ce moment", "hors de l'État aussi");
        }
        writes("collegue@gouv.tg", "absente@gouv.tg", "dedans-un");
        arrives("un@ailleurs.test", "absente@gouv.tg", "dehors-un", "");
        awaitFound("collegue", "mot-interne", 1);
        awaitFound(OUTSIDE, "mot-externe", 1);
        writes("collegue@gouv.tg", "absente@gouv.tg", "dedans-deux");
        arrives("un@ailleurs.test", "absente@gouv.tg", "dehors-deux", "");
        arrives("liste@ailleurs.test", "absente@gouv.tg", "dehors-liste", "List-Id: <l.ailleurs.test>\r\n");
        arrives("robot@ailleurs.test", "absente@gouv.tg", "dehors-robot", "Auto-Submitted: auto-generated\r\n");
        awaitFound("absente", "dehors-robot", 1);
        awaitFound("absente", "dedans-deux", 1);
        awaitFound("absente", "dehors-liste", 1);
        assertThat(found("collegue", "mot-interne")).isEqualTo(1);
        assertThat(found("collegue", "mot-externe")).isZero();
        assertThat(found(OUTSIDE, "mot-externe")).isEqualTo(1);
        assertThat(found(OUTSIDE, "mot-interne")).isZero();
    }

    @Test
    void nobodyOutsideIsToldWithoutATextForThemNorAnybodyOutOfTheDates() throws IOException {
        person("partie");
        person("voisine");
        try (TextBrowser browser = signedIn("partie")) {
            browser.go("/compte/absence").send("/compte/absence", absence("mot-partie", "", "", ""));
            assertThat(browser.text()).contains("Seuls vos collègues", "jusqu'à ce que vous l'arrêtiez");
            arrives("deux@ailleurs.test", "partie@gouv.tg", "dehors-sans-texte", "");
            awaitFound("partie", "dehors-sans-texte", 1);
            browser.send("/compte/absence", absence("mot-partie", "mot-partie", day(2), day(4)));
            assertThat(browser.text()).contains("sera envoyé à partir du");
            writes("voisine@gouv.tg", "partie@gouv.tg", "trop-tot");
            arrives("deux@ailleurs.test", "partie@gouv.tg", "trop-tot-dehors", "");
            awaitFound("partie", "trop-tot", 2);
            assertThat(found("voisine", "mot-partie")).isZero();
            assertThat(found(OUTSIDE, "mot-partie")).isZero();
            browser.go("/compte/absence").send("/compte/absence/arreter", Map.of());
            assertThat(browser.text()).contains("est arrêté", "personne ne reçoit de réponse");
            browser.post("/compte/absence/arreter", Map.of("jeton", List.of(browser.token()))); // a second tab
            assertThat(browser.status()).isEqualTo(200);
        }
    }

    @Test
    void aProgramSeesTheSameAbsenceAndItsTextIsThenEverybodys() throws IOException {
        person("jmap");
        person("amie");
        try (TextBrowser browser = signedIn("jmap")) {
            browser.go("/compte/absence").send("/compte/absence", absence("mot-de-la-page", "autre", "", day(1)));
            String shown = jmap(browser, "jmap", "[\"VacationResponse/get\", {\"accountId\": \"%s\"}, \"a\"]");
            assertThat(shown).contains("\"isEnabled\":true", "mot-de-la-page", "\"toDate\":\"");
            jmap(browser, "jmap", """
                    ["VacationResponse/set", {"accountId": "%s", "update": {"singleton": {"textBody": "mot-du-programme"}}}, "a"]""");
            browser.go("/compte/absence");
            assertThat(browser.page().select("#interne").val()).isEqualTo("mot-du-programme");
            assertThat(browser.page().select("#externe").val()).isEqualTo("mot-du-programme");
            arrives("trois@ailleurs.test", "jmap@gouv.tg", "au-programme", "");
            awaitFound(OUTSIDE, "mot-du-programme", 1);
            jmap(browser, "jmap", """
                    ["VacationResponse/set", {"accountId": "%s", "update": {"singleton": {"isEnabled": false}}}, "a"]""");
            assertThat(browser.go("/compte/absence").text()).contains("personne ne reçoit de réponse");
        }
    }

    private static String jmap(TextBrowser browser, String name, String call) {
        String basic = "Basic " + Base64.getEncoder().encodeToString((name + "@gouv.tg:" + SECRET).getBytes(UTF_8));
        browser.raw(HttpRequest.newBuilder(browser.address("/jmap/session")).header("Authorization", basic));
        String session = new String(browser.body(), UTF_8);
        String account = session.replaceFirst("(?s).*\"accounts\"\\s*:\\s*\\{\\s*\"([^\"]+)\".*", "$1");
        browser.raw(HttpRequest.newBuilder(browser.address("/jmap"))
                .header("Authorization", basic)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json; jmapVersion=rfc-8621")
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "urn:ietf:params:jmap:vacationresponse"],
                        "methodCalls": [%s]}""".formatted(call.formatted(account)))));
        assertThat(browser.status()).isEqualTo(200);
        return new String(browser.body(), UTF_8);
    }

    @Test
    void badAbsencesAreToldAndChangeNothing() {
        person("erreurs");
        try (TextBrowser browser = signedIn("erreurs")) {
            browser.go("/compte/absence").send("/compte/absence", absence("ici", "", day(5), day(4)));
            assertThat(browser.status()).isEqualTo(422);
            assertThat(browser.text()).contains("La date de fin est avant la date de début");
            assertThat(browser.page().select("#interne").val()).isEqualTo("ici");
            for (Map<String, String> bad : List.of(
                    absence("", "dehors", "", ""),
                    absence("ici", "", "", day(-1)),
                    absence("ici", "", "demain", ""),
                    absence("ici", "", "+99999999-01-01", ""),
                    absence("ici", "", "", "9999-12-31"),
                    absence(LONG + "é", "", "", ""))) {
                browser.send("/compte/absence", bad);
                assertThat(browser.status()).as(bad.toString()).isEqualTo(422);
                assertThat(browser.page().select(".wrong").text()).isNotEmpty();
            }
            assertThat(browser.go("/compte/absence").text()).contains("personne ne reçoit de réponse");
            browser.send("/compte/absence", absence(LONG, "<b>gras</b>", "", ""));
            assertThat(browser.status()).isEqualTo(200);
            assertThat(browser.page().select("#interne").val()).isEqualTo(LONG);
            assertThat(browser.page().select("#externe").val()).isEqualTo("<b>gras</b>");
            assertThat(browser.page().select("main b")).isEmpty();
        }
    }

    private static Map<String, String> forward(String addresses, String copy) {
        return Map.of("adresses", addresses, "copie", copy);
    }

    @Test
    void aForwardIsShownThenSentThenToldThenStopped() throws IOException {
        person("chef");
        person("adjointe");
        person("seconde");
        try (TextBrowser browser = signedIn("chef")) {
            browser.go("/compte/renvoi");
            assertThat(browser.text()).contains("n'est renvoyé nulle part");
            browser.go("/compte/renvoi/regler")
                    .send("/compte/renvoi/regler", forward("Adjointe@gouv.tg\r\nseconde@gouv.tg\r\n", "oui"));
            assertThat(browser.text())
                    .contains("Ce qui changerait", "ira aussi à adjointe@gouv.tg", "Une copie restera");
            assertThat(browser.go("/compte/renvoi").text()).contains("nulle part"); // looking changed nothing
            browser.go("/compte/renvoi/regler")
                    .send("/compte/renvoi/regler", forward("adjointe@gouv.tg seconde@gouv.tg", "oui"));
            browser.send("/compte/renvoi/regler", Map.of("faire", "oui"));
            assertThat(browser.text()).contains("Votre courriel est renvoyé", "adjointe@gouv.tg", "Une copie reste");
            arrives("quatre@ailleurs.test", "chef@gouv.tg", "renvoi-un", "");
            awaitFound("adjointe", "renvoi-un", 1);
            awaitFound("seconde", "renvoi-un", 1);
            awaitFound("chef", "renvoi-un", 1);
            await(
                    "the owner sees it",
                    () -> browser.go("/compte/acces").text().contains("fait suivre votre courriel à adjointe@gouv.tg"));
            browser.go("/compte/renvoi/regler").send("/compte/renvoi/regler", forward("seconde@gouv.tg", "non"));
            browser.send("/compte/renvoi/regler", Map.of("faire", "oui"));
            arrives("quatre@ailleurs.test", "chef@gouv.tg", "renvoi-deux", "");
            awaitFound("seconde", "renvoi-deux", 1);
            assertThat(found("chef", "renvoi-deux")).isZero();
            assertThat(found("adjointe", "renvoi-deux")).isZero();
            browser.go("/compte/renvoi").send("/compte/renvoi/arreter", Map.of());
            assertThat(browser.text()).contains("Le renvoi est arrêté", "nulle part");
            browser.post("/compte/renvoi/arreter", Map.of("jeton", List.of(browser.token()))); // a second tab
            assertThat(browser.status()).isEqualTo(200);
            arrives("quatre@ailleurs.test", "chef@gouv.tg", "renvoi-trois", "");
            awaitFound("chef", "renvoi-trois", 1);
            assertThat(found("seconde", "renvoi-trois")).isZero();
        }
    }

    @Test
    void aForwardLivesInTheFilterThatProgramsSee() throws IOException {
        person("filtreuse");
        person("destinataire");
        person("voleur");
        String own = "require [\"fileinto\"];\r\nif header :contains \"Subject\" \"tri\" { fileinto \"Archive\"; }\r\n";
        try (TextBrowser browser = signedIn("filtreuse");
                LineClient sieve = LineClient.sieve(program, "127.0.0.1")) {
            String plain = Base64.getEncoder().encodeToString(("\0filtreuse@gouv.tg\0" + SECRET).getBytes(UTF_8));
            assertThat(sieve.say("AUTHENTICATE \"PLAIN\" \"" + plain + "\"")).startsWith("OK");
            assertThat(sieve.say("PUTSCRIPT \"mes regles\" {" + own.length() + "+}\r\n" + own))
                    .startsWith("OK");
            assertThat(sieve.say("SETACTIVE \"mes regles\"")).startsWith("OK");
            browser.go("/compte/renvoi/regler").send("/compte/renvoi/regler", forward("destinataire@gouv.tg", "oui"));
            browser.send("/compte/renvoi/regler", Map.of("faire", "oui"));
            sieve.say("GETSCRIPT \"mes regles\"");
            assertThat(sieve.hearUntil("OK")).contains("redirect \"destinataire@gouv.tg\";", "fileinto \"Archive\"");
            arrives("cinq@ailleurs.test", "filtreuse@gouv.tg", "tri-un", "");
            awaitFound("destinataire", "tri-un", 1);
            await("the filter files the copy", () -> {
                try {
                    return found("filtreuse", "Archive", "tri-un") == 1;
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(found("filtreuse", "tri-un")).isZero();
            arrives("cinq@ailleurs.test", "filtreuse@gouv.tg", "sans-classement", "");
            awaitFound("filtreuse", "sans-classement", 1);
            awaitFound("destinataire", "sans-classement", 1);
            browser.go("/compte/renvoi").send("/compte/renvoi/arreter", Map.of());
            sieve.say("GETSCRIPT \"mes regles\"");
            assertThat(sieve.hearUntil("OK")).contains("fileinto").doesNotContain("redirect");
            // what a thief does with a program, the owner sees on the page and in the ledger
            String theirs = "redirect \"voleur@gouv.tg\"; keep;\r\n";
            assertThat(sieve.say("PUTSCRIPT \"mes regles\" {" + theirs.length() + "+}\r\n" + theirs))
                    .startsWith("OK");
            assertThat(browser.go("/compte/renvoi").text()).contains("Autres renvois", "voleur@gouv.tg", "mes regles");
            await(
                    "the owner sees it",
                    () -> browser.go("/compte/acces").text().contains("à voleur@gouv.tg (managesieve, "));
        }
    }

    @Test
    void badForwardsAreToldAndChangeNothing() {
        person("maladroite");
        person("boucle");
        try (TextBrowser other = signedIn("boucle")) {
            other.go("/compte/renvoi/regler").send("/compte/renvoi/regler", forward("maladroite@gouv.tg", "oui"));
            other.send("/compte/renvoi/regler", Map.of("faire", "oui"));
            assertThat(other.status()).isEqualTo(200);
        }
        Map<String, String> wrong = new HashMap<>();
        wrong.put("moi@exemple.test", "n'y est pas permis");
        wrong.put("maladroite@gouv.tg", "déjà votre adresse");
        wrong.put("maladroite+x@gouv.tg", "déjà votre adresse");
        wrong.put("boucle@gouv.tg", "tournerait en rond");
        wrong.put("inconnue@gouv.tg", "Personne n'a l'adresse");
        wrong.put("pas une adresse", "n'est pas une adresse");
        wrong.put("a\"; stop; redirect \"b@gouv.tg", "n'est pas une adresse");
        wrong.put("", "au moins une adresse");
        wrong.put("a".repeat(3_000) + "@gouv.tg", "dépasse");
        try (TextBrowser browser = signedIn("maladroite")) {
            wrong.forEach((address, sentence) -> {
                browser.go("/compte/renvoi/regler").send("/compte/renvoi/regler", forward(address, "oui"));
                assertThat(browser.status()).as(address).isEqualTo(422);
                assertThat(browser.text()).contains(sentence);
                browser.go("/compte/renvoi/regler")
                        .send(
                                "/compte/renvoi/regler",
                                Map.of("adresses", address, "copie", "oui", "faire", "oui")); // the look passed over
                assertThat(browser.status()).as(address).isEqualTo(422);
            });
            assertThat(browser.go("/compte/renvoi").text()).contains("nulle part");
        }
    }
}
