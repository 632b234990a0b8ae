package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.MailAddress;

class MailServerTest {
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
    void itListensOnEachDoor() {
        assertThat(mail.server.ports().sequencedKeySet())
                .containsExactly("smtp", "submission", "submissions", "lmtp", "imap", "imaps", "managesieve");
        assertThat(mail.server.isWell()).isTrue();
    }

    @Test
    void whatAPersonSubmitsAnotherReads() {
        try (Wire smtp = mail.tls("submissions")) {
            assertThat(smtp.reply()).startsWith("220 ");
            assertThat(smtp.ask("EHLO client.gouv.tg")).contains("AUTH PLAIN LOGIN");
            assertThat(smtp.authPlain(TestMail.AMA, TestMail.SECRET)).startsWith("235 2.7.0");
            assertThat(send(smtp, TestMail.AMA, TestMail.KOFI, "Budget 2027")).startsWith("250 2.6.0");
        }
        assertThat(awaitSubject(TestMail.KOFI, "Budget 2027")).contains("Subject: Budget 2027");
    }

    @Test
    void whatAnotherServerTransfersIsRead() {
        try (Wire smtp = mail.clear("smtp")) {
            smtp.reply();
            assertThat(smtp.ask("EHLO mx.example.com")).doesNotContain("AUTH");
            assertThat(send(smtp, "someone@example.com", TestMail.AMA_ALIAS, "Bonjour"))
                    .startsWith("250 2.6.0");
        }
        assertThat(awaitSubject(TestMail.AMA, "Bonjour")).contains("Subject: Bonjour");
    }

    @Test
    void theProgramSendsToo() throws Exception {
        mail.server
                .submission()
                .submit(
                        MailAddress.of(TestMail.KOFI),
                        List.of(MailAddress.of(TestMail.AMA)),
                        new ByteArrayInputStream("Subject: Bienvenue\r\n\r\nBonjour.\r\n"
                                .getBytes(StandardCharsets.US_ASCII)));

        assertThat(awaitSubject(TestMail.AMA, "Bienvenue")).contains("Subject: Bienvenue");
        assertThat(mail.server.queued()).isZero();
    }

    @Test
    void itEndsWithinFiveSecondsWithClientsConnected() {
        try (TestMail other = TestMail.start();
                Wire imap = other.tls("imaps");
                Wire smtp = other.clear("smtp")) {
            imap.line();
            smtp.reply();
            Instant before = Instant.now();
            other.server.close();

            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
            assertThat(imap.until("nothing begins like this")).doesNotContain("OK");
        }
    }

    /** Sends a small message and returns the last reply. */
    static String send(Wire smtp, String from, String to, String subject) {
        assertThat(smtp.ask("MAIL FROM:<" + from + ">")).startsWith("250");
        assertThat(smtp.ask("RCPT TO:<" + to + ">")).startsWith("250");
        assertThat(smtp.ask("DATA")).startsWith("354");
        smtp.send("From: <" + from + ">");
        smtp.send("To: <" + to + ">");
        smtp.send("Subject: " + subject);
        smtp.send("");
        smtp.send("Salutations.");
        return smtp.ask(".");
    }

    private static String awaitSubject(String reader, String subject) {
        return awaitSubject(mail, reader, subject);
    }

    /** Reads the INBOX until a message with this subject is there. */
    static String awaitSubject(TestMail mail, String reader, String subject) {
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        try (Wire imap = mail.tls("imaps")) {
            assertThat(imap.line()).startsWith("* OK");
            assertThat(imap.imap("LOGIN " + reader + " " + TestMail.SECRET)).contains("t OK");
            String last = "";
            while (Instant.now().isBefore(end)) {
                assertThat(imap.imap("SELECT INBOX")).contains("t OK");
                last = imap.imap("FETCH 1:* BODY.PEEK[HEADER]");
                if (last.contains("Subject: " + subject)) {
                    return last;
                }
            }
            return last;
        }
    }
}
