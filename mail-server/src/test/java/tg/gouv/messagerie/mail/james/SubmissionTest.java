package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SubmissionTest {
    private static TestMail mail;

    @BeforeAll
    static void start() {
        mail = TestMail.start(TestMail::sealed);
    }

    @AfterAll
    static void stop() {
        mail.close();
    }

    @Test
    void nobodySignsInInClear() {
        try (Wire smtp = greeted(mail.clear("submission"))) {
            assertThat(smtp.ask("EHLO client")).contains("STARTTLS").doesNotContain("AUTH");
            assertThat(smtp.authPlain(TestMail.AMA, TestMail.SECRET)).startsWith("538 5.7.11");
        }
    }

    @Test
    void afterStartTlsPeopleSignIn() {
        try (Wire clear = greeted(mail.clear("submission"))) {
            clear.ask("EHLO client");
            assertThat(clear.ask("STARTTLS")).startsWith("220");
            Wire smtp = clear.startTls(mail.identity.authority());
            assertThat(smtp.ask("EHLO client")).contains("AUTH PLAIN LOGIN").doesNotContain("STARTTLS");
            assertThat(smtp.authPlain(TestMail.AMA_ALIAS, TestMail.SECRET)).startsWith("235 2.7.0");
            assertThat(smtp.authPlain(TestMail.AMA, TestMail.SECRET)).startsWith("503 5.5.1");
        }
    }

    @Test
    void whatFollowsStartTlsInClearIsNotObeyed() {
        try (Wire smtp = greeted(mail.clear("submission"))) {
            smtp.ask("EHLO client");
            smtp.bytes("STARTTLS\r\nEHLO injected\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(smtp.until("nothing begins like this")).doesNotContain("250");
        }
    }

    @Test
    void loginInThreeSteps() {
        try (Wire smtp = hello(mail.tls("submissions"))) {
            assertThat(smtp.ask("AUTH LOGIN")).isEqualTo("334 VXNlcm5hbWU6");
            assertThat(smtp.ask(base64(TestMail.AMA))).isEqualTo("334 UGFzc3dvcmQ6");
            assertThat(smtp.ask(base64(TestMail.SECRET))).startsWith("235 2.7.0");
        }
    }

    @Test
    void plainAfterTheChallengeAndItsCancelling() {
        try (Wire smtp = hello(mail.tls("submissions"))) {
            assertThat(smtp.ask("AUTH PLAIN")).startsWith("334");
            assertThat(smtp.ask("*")).startsWith("501 5.7.0");
            assertThat(smtp.ask("AUTH PLAIN")).startsWith("334");
            assertThat(smtp.ask("not base64!")).startsWith("501 5.5.2");
            assertThat(smtp.ask("AUTH PLAIN")).startsWith("334");
            assertThat(smtp.ask(Wire.plain(TestMail.AMA, TestMail.SECRET))).startsWith("235 2.7.0");
            assertThat(smtp.ask("AUTH CRAM-MD5")).startsWith("503");
        }
    }

    @Test
    void aWrongSecretIsRefused() {
        try (Wire smtp = hello(mail.tls("submissions"))) {
            assertThat(smtp.authPlain(TestMail.KOFI, "faux")).startsWith("535 5.7.8");
            assertThat(smtp.ask("MAIL FROM:<" + TestMail.KOFI + ">")).startsWith("530 5.7.0");
        }
    }

    @Test
    void aHolderWritesInTheNameOfTheFunction() {
        try (Wire smtp = hello(mail.tls("submissions"))) {
            assertThat(smtp.authPlain(TestMail.BUDGET + "*" + TestMail.AMA, TestMail.SECRET))
                    .startsWith("235 2.7.0");
            assertThat(MailServerTest.send(smtp, TestMail.BUDGET, TestMail.KOFI, "Arbitrages"))
                    .startsWith("250 2.6.0");
        }
        assertThat(MailServerTest.awaitSubject(mail, TestMail.KOFI, "Arbitrages"))
                .contains(TestMail.BUDGET);
    }

    @Test
    void nobodyWritesInAnotherName() {
        try (Wire smtp = signedIn(TestMail.KOFI)) {
            assertThat(smtp.ask("MAIL FROM:<" + TestMail.AMA + ">")).startsWith("550 5.7.1");
            assertThat(smtp.ask("MAIL FROM:<" + TestMail.BUDGET + ">")).startsWith("550 5.7.1");
            assertThat(data(smtp, TestMail.KOFI, TestMail.AMA, "From: Ama <" + TestMail.AMA + ">\r\n\r\nx"))
                    .startsWith("550 5.7.1");
            assertThat(data(
                            smtp,
                            TestMail.KOFI,
                            TestMail.AMA,
                            "From: <" + TestMail.KOFI + ">\r\nFrom: <" + TestMail.AMA + ">\r\n\r\nx"))
                    .startsWith("550 5.6.0");
            assertThat(data(
                            smtp,
                            TestMail.KOFI,
                            TestMail.AMA,
                            "From: <" + TestMail.KOFI + ">, <" + TestMail.AMA + ">\r\n\r\nx"))
                    .startsWith("550 5.7.1");
            assertThat(data(smtp, TestMail.KOFI, TestMail.AMA, "Subject: no author\r\n\r\nx"))
                    .startsWith("550 5.6.0");
        }
    }

    @Test
    void whatAClientLeftOutIsAddedAndBccGoes() {
        try (Wire smtp = signedIn(TestMail.AMA)) {
            assertThat(data(
                            smtp,
                            TestMail.AMA,
                            TestMail.KOFI,
                            "From: <" + TestMail.AMA + ">\r\nBcc: <" + TestMail.WORLD
                                    + ">\r\nSubject: Incomplet\r\n\r\n.." + "\r\n.point\r\n"))
                    .startsWith("250 2.6.0");
        }
        assertThat(MailServerTest.awaitSubject(mail, TestMail.KOFI, "Incomplet"))
                .containsPattern("Message-ID: <[^>]+@mail.gouv.tg>")
                .contains("Date: ")
                .doesNotContain("Bcc");
    }

    @Test
    void unknownRecipientsAreRefused() {
        try (Wire smtp = signedIn(TestMail.AMA)) {
            smtp.ask("MAIL FROM:<" + TestMail.AMA + ">");
            assertThat(smtp.ask("RCPT TO:<personne@gouv.tg>")).startsWith("550 5.1.1");
            assertThat(smtp.ask("RCPT TO:<kofi.mensah+projets@gouv.tg>")).startsWith("250");
        }
    }

    @Test
    void theOutsideWorldIsALocalMailbox() {
        try (Wire smtp = signedIn(TestMail.AMA)) {
            assertThat(MailServerTest.send(smtp, TestMail.AMA, "journal@example.com", "Vers ailleurs"))
                    .startsWith("250 2.6.0");
        }
        assertThat(MailServerTest.awaitSubject(mail, TestMail.WORLD, "Vers ailleurs"))
                .contains("X-Messagerie-Outside-Recipient: journal@example.com");
    }

    @Test
    void theSizeIsAnnouncedAndKept() {
        try (Wire smtp = mail.tls("submissions")) {
            smtp.reply();
            assertThat(smtp.ask("EHLO client")).contains("SIZE 1048576");
            smtp.authPlain(TestMail.AMA, TestMail.SECRET);
            assertThat(smtp.ask("MAIL FROM:<" + TestMail.AMA + "> SIZE=1048577"))
                    .startsWith("552 5.3.4");
            smtp.ask("MAIL FROM:<" + TestMail.AMA + ">");
            smtp.ask("RCPT TO:<" + TestMail.KOFI + ">");
            smtp.ask("DATA");
            String line = "x".repeat(998);
            for (int i = 0; i < 1_100; i++) {
                smtp.send(line);
            }
            assertThat(smtp.ask(".")).startsWith("552");
            assertThat(smtp.ask("NOOP")).startsWith("250");
        }
    }

    @Test
    void bareLineEndsAndNulEndTheConnection() {
        for (String bad : List.of("a\n.\n", "a\r.\r\n", "a\n.\r\n", "a\r\n.\n", "a\0b\r\n", "a\rb\r\n")) {
            try (Wire smtp = signedIn(TestMail.AMA)) {
                smtp.ask("MAIL FROM:<" + TestMail.AMA + ">");
                smtp.ask("RCPT TO:<" + TestMail.KOFI + ">");
                smtp.ask("DATA");
                smtp.bytes(("From: <" + TestMail.AMA + ">\r\nSubject: Contrebande\r\n\r\n" + bad
                                + "MAIL FROM:<smuggled@gouv.tg>\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                assertThat(smtp.until("nothing begins like this"))
                        .as(bad.replace("\r", "CR").replace("\n", "LF"))
                        .startsWith("554 5.6.0")
                        .doesNotContain("250");
            }
        }
    }

    @Test
    void tooManyErrorsEndTheConnection() {
        try (Wire smtp = signedIn(TestMail.AMA)) {
            smtp.ask("MAIL FROM:<" + TestMail.AMA + ">");
            String last = "";
            for (int i = 0; i <= 10; i++) {
                last = smtp.ask("RCPT TO:<personne" + i + "@gouv.tg>");
            }
            assertThat(last).startsWith("421 4.7.0");
            assertThat(smtp.line()).isNull();
        }
    }

    private static String data(Wire smtp, String from, String to, String message) {
        smtp.ask("MAIL FROM:<" + from + ">");
        smtp.ask("RCPT TO:<" + to + ">");
        smtp.ask("DATA");
        return smtp.send(message).ask(".");
    }

    private static Wire signedIn(String login) {
        Wire smtp = hello(mail.tls("submissions"));
        assertThat(smtp.authPlain(login, TestMail.SECRET)).startsWith("235");
        return smtp;
    }

    private static Wire hello(Wire smtp) {
        greeted(smtp);
        assertThat(smtp.ask("EHLO client")).contains("250");
        return smtp;
    }

    private static Wire greeted(Wire smtp) {
        assertThat(smtp.reply()).startsWith("220 mail.gouv.tg");
        return smtp;
    }

    private static String base64(String text) {
        return java.util.Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
