package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.transfer.TransferSettings;

class TransferTest {
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
    void nobodySignsInHere() {
        try (Wire clear = hello(mail)) {
            assertThat(clear.authPlain(TestMail.AMA, TestMail.SECRET)).startsWith("500");
            assertThat(clear.ask("STARTTLS")).startsWith("220");
            Wire smtp = clear.startTls(mail.identity.authority());
            assertThat(smtp.ask("EHLO mx.example.com")).doesNotContain("AUTH");
        }
    }

    @Test
    void nothingIsRelayed() {
        try (Wire smtp = hello(mail)) {
            smtp.ask("MAIL FROM:<a@example.com>");
            assertThat(smtp.ask("RCPT TO:<b@example.org>")).startsWith("550 5.7.1");
            assertThat(smtp.ask("RCPT TO:<@gouv.tg:b@example.org>")).startsWith("5");
            assertThat(smtp.ask("RCPT TO:<b%example.org@gouv.tg>")).startsWith("550 5.1.1");
            assertThat(smtp.ask("RCPT TO:<\"b@example.org\"@gouv.tg>")).startsWith("55");
        }
    }

    @Test
    void unknownRecipientsAreRefused() {
        try (Wire smtp = hello(mail)) {
            smtp.ask("MAIL FROM:<a@example.com>");
            assertThat(smtp.ask("RCPT TO:<personne@gouv.tg>"))
                    .isEqualTo("550 5.1.1 Adresse inconnue / No such mailbox");
        }
    }

    @Test
    void nobodyWritesInOurName() {
        try (Wire smtp = hello(mail)) {
            assertThat(smtp.ask("MAIL FROM:<" + TestMail.AMA + ">")).startsWith("550 5.7.1");
            assertThat(smtp.ask("MAIL FROM:<a@example.com>")).startsWith("250");
            smtp.ask("RCPT TO:<" + TestMail.KOFI + ">");
            smtp.ask("DATA");
            smtp.send("From: Ama <" + TestMail.AMA + ">\r\nSubject: x\r\n\r\nx");
            assertThat(smtp.ask(".")).startsWith("550 5.7.1");
        }
    }

    @Test
    void aPeerComesBackWithOurName() {
        try (TestMail other = TestMail.start(TransferTest::withThisMachineAsPeer);
                Wire smtp = hello(other)) {
            assertThat(MailServerTest.send(smtp, TestMail.AMA, TestMail.KOFI, "Par la liste"))
                    .startsWith("250 2.6.0");
        }
    }

    @Test
    void outsideIsRefusedToPeopleToo() {
        try (Wire smtp = mail.tls("submissions")) {
            smtp.reply();
            smtp.ask("EHLO client");
            smtp.authPlain(TestMail.AMA, TestMail.SECRET);
            smtp.ask("MAIL FROM:<" + TestMail.AMA + ">");
            assertThat(smtp.ask("RCPT TO:<b@example.org>")).startsWith("550 5.7.1");
        }
    }

    @Test
    void aRelayHandsInByLmtpAndHearsOfEachRecipient() {
        try (Wire lmtp = mail.clear("lmtp")) {
            lmtp.reply();
            assertThat(lmtp.ask("LHLO relay")).startsWith("250");
            lmtp.ask("MAIL FROM:<a@example.com>");
            assertThat(lmtp.ask("RCPT TO:<" + TestMail.AMA + ">")).startsWith("250");
            assertThat(lmtp.ask("RCPT TO:<personne@gouv.tg>")).startsWith("550 5.1.1");
            assertThat(lmtp.ask("RCPT TO:<" + TestMail.KOFI + ">")).startsWith("250");
            lmtp.ask("DATA");
            lmtp.send("From: <a@example.com>\r\nSubject: Par LMTP\r\n\r\nx");
            assertThat(lmtp.ask(".")).startsWith("250 2.6.0");
            assertThat(lmtp.reply()).startsWith("250 2.6.0");
            assertThat(lmtp.ask("NOOP")).startsWith("250");
        }
        assertThat(MailServerTest.awaitSubject(mail, TestMail.KOFI, "Par LMTP")).contains("Subject: Par LMTP");
    }

    @Test
    void tooManyErrorsEndTheConnection() {
        try (Wire smtp = hello(mail)) {
            String last = "";
            for (int i = 0; i <= 20; i++) {
                last = smtp.ask("XYZZY");
            }
            assertThat(last).startsWith("421 4.7.0");
            assertThat(smtp.line()).isNull();
        }
    }

    private static MailSettings withThisMachineAsPeer(MailSettings it) {
        TransferSettings transfer = it.transfer();
        return new MailSettings(
                it.hostName(),
                it.connectionsMax(),
                it.messageSizeMax(),
                it.recipientsMax(),
                it.outside(),
                it.sealedMailbox(),
                new TransferSettings(
                        transfer.listen(),
                        List.of("127.0.0.1"),
                        transfer.connectionsMax(),
                        transfer.errorsMax(),
                        transfer.idleTimeout()),
                it.submission(),
                it.lmtp(),
                it.imap(),
                it.managesieve());
    }

    private static Wire hello(TestMail server) {
        Wire smtp = server.clear("smtp");
        assertThat(smtp.reply()).startsWith("220 mail.gouv.tg");
        assertThat(smtp.ask("EHLO mx.example.com")).contains("250");
        return smtp;
    }
}
