package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ManageSieveTest {
    private static final String END = "(OK|NO|BYE).*";
    private static TestMail mail;

    @BeforeAll
    static void start() {
        mail = TestMail.start();
    }

    @AfterAll
    static void stop() {
        mail.close();
    }

    @Test
    void nobodySignsInInClear() {
        try (Wire sieve = mail.clear("managesieve")) {
            assertThat(answer(sieve)).contains("\"STARTTLS\"", "\"SASL\" \"\"", "\"VERSION\" \"1.0\"");
            assertThat(ask(sieve, "AUTHENTICATE \"PLAIN\" \"" + Wire.plain(TestMail.AMA, TestMail.SECRET) + "\""))
                    .startsWith("NO (ENCRYPT-NEEDED)");
            assertThat(ask(sieve, "LISTSCRIPTS")).startsWith("NO");
        }
    }

    @Test
    void whatFollowsStartTlsInClearIsNotObeyed() {
        try (Wire sieve = mail.clear("managesieve")) {
            answer(sieve);
            sieve.bytes("STARTTLS\r\nNOOP \"injected\"\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(sieve.until("nothing begins like this")).doesNotContain("injected");
        }
    }

    @Test
    void signInWithAndWithoutAnInitialResponse() {
        try (Wire sieve = encrypted()) {
            assertThat(ask(sieve, "AUTHENTICATE \"PLAIN\" \"" + Wire.plain(TestMail.AMA, "faux") + "\""))
                    .startsWith("NO");
            assertThat(sieve.send("AUTHENTICATE \"PLAIN\"").line()).isEqualTo("\"\"");
            assertThat(ask(sieve, "\"" + Wire.plain(TestMail.AMA, TestMail.SECRET) + "\""))
                    .isEqualTo("OK");
            assertThat(ask(sieve, "CAPABILITY")).contains("\"OWNER\" \"" + TestMail.AMA + "\"");
            assertThat(ask(sieve, "UNAUTHENTICATE")).isEqualTo("OK");
            assertThat(ask(sieve, "LISTSCRIPTS")).startsWith("NO");
            assertThat(ask(sieve, "LOGOUT")).startsWith("OK");
            assertThat(sieve.line()).isNull();
        }
    }

    @Test
    void scriptsAreKeptOctetForOctet() {
        String script = "require \"fileinto\";\r\n# été\r\nkeep;\r\n";
        try (Wire sieve = signedIn(TestMail.AMA)) {
            assertThat(put(sieve, "mes filtres", script)).isEqualTo("OK");
            assertThat(ask(sieve, "LISTSCRIPTS")).isEqualTo("\"mes filtres\"\nOK");
            assertThat(ask(sieve, "SETACTIVE \"mes filtres\"")).isEqualTo("OK");
            assertThat(ask(sieve, "LISTSCRIPTS")).isEqualTo("\"mes filtres\" ACTIVE\nOK");
            assertThat(ask(sieve, "DELETESCRIPT \"mes filtres\"")).startsWith("NO (ACTIVE)");
            assertThat(ask(sieve, "GETSCRIPT \"mes filtres\""))
                    .startsWith("{" + script.getBytes(StandardCharsets.UTF_8).length + "}")
                    .contains("# été");
            assertThat(ask(sieve, "RENAMESCRIPT \"mes filtres\" \"autres\"")).isEqualTo("OK");
            assertThat(ask(sieve, "SETACTIVE \"\"")).isEqualTo("OK");
            assertThat(ask(sieve, "DELETESCRIPT \"autres\"")).isEqualTo("OK");
            assertThat(ask(sieve, "GETSCRIPT \"autres\"")).startsWith("NO (NONEXISTENT)");
        }
    }

    @Test
    void badScriptsAndNamesAreRefused() {
        try (Wire sieve = signedIn(TestMail.AMA)) {
            assertThat(put(sieve, "faux", "ceci n'est pas du Sieve")).startsWith("NO");
            assertThat(put(sieve, "../../evasion", "keep;")).startsWith("NO");
            assertThat(put(sieve, "a\u0007", "keep;")).startsWith("NO");
            assertThat(ask(sieve, "HAVESPACE \"x\" 100")).isEqualTo("OK");
            assertThat(ask(sieve, "XYZZY")).startsWith("NO");
            sieve.send("PUTSCRIPT \"grand\" {999999999+}");
            assertThat(answer(sieve)).startsWith("BYE");
            assertThat(sieve.line()).isNull();
        }
    }

    @Test
    void anActiveScriptFilesDeliveredMail() {
        try (Wire sieve = signedIn(TestMail.KOFI)) {
            assertThat(
                            put(
                                    sieve,
                                    "tri",
                                    "require \"fileinto\";\r\nif header :contains \"Subject\" \"lettre\" { fileinto \"Archive\"; }\r\n"))
                    .isEqualTo("OK");
            assertThat(ask(sieve, "SETACTIVE \"tri\"")).isEqualTo("OK");
        }
        try (Wire smtp = mail.clear("smtp")) {
            smtp.reply();
            smtp.ask("EHLO mx.example.com");
            assertThat(MailServerTest.send(smtp, "a@example.com", TestMail.KOFI, "La lettre"))
                    .startsWith("250");
        }
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        String last = "";
        try (Wire imap = mail.tls("imaps")) {
            imap.line();
            assertThat(imap.imap("LOGIN " + TestMail.KOFI + " " + TestMail.SECRET))
                    .contains("t OK");
            while (!last.contains("La lettre") && Instant.now().isBefore(end)) {
                assertThat(imap.imap("SELECT Archive")).contains("t OK");
                last = imap.imap("FETCH 1:* BODY.PEEK[HEADER]");
            }
        }
        assertThat(last).contains("Subject: La lettre");
    }

    private static String put(Wire sieve, String name, String script) {
        byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
        sieve.send("PUTSCRIPT \"" + name + "\" {" + bytes.length + "+}");
        sieve.bytes(bytes);
        return ask(sieve, "");
    }

    private static Wire signedIn(String login) {
        Wire sieve = encrypted();
        assertThat(ask(sieve, "AUTHENTICATE \"PLAIN\" \"" + Wire.plain(login, TestMail.SECRET) + "\""))
                .isEqualTo("OK");
        return sieve;
    }

    private static Wire encrypted() {
        Wire clear = mail.clear("managesieve");
        answer(clear);
        assertThat(ask(clear, "STARTTLS")).startsWith("OK");
        Wire sieve = clear.startTls(mail.identity.authority());
        assertThat(answer(sieve)).contains("\"SASL\" \"PLAIN\"").doesNotContain("STARTTLS");
        return sieve;
    }

    private static String ask(Wire sieve, String command) {
        sieve.send(command);
        return answer(sieve);
    }

    private static String answer(Wire sieve) {
        StringBuilder all = new StringBuilder();
        List<String> lines = new java.util.ArrayList<>();
        String line;
        while ((line = sieve.line()) != null) {
            lines.add(line);
            all.append(line).append('\n');
            if (line.matches(END)) {
                break;
            }
        }
        return all.toString().stripTrailing();
    }
}
