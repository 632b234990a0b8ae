package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.imap.ImapSettings;

class SlowReaderTest {
    /** More than the sockets between client and server can hold. */
    private static final int MESSAGES = 40;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Test
    void aClientThatDoesNotReadIsCutOffAndAnotherIsServed() {
        byte[] message = ("Subject: grand\r\n\r\n" + ("x".repeat(998) + "\r\n").repeat(900))
                .getBytes(StandardCharsets.US_ASCII);
        try (TestMail mail = TestMail.start(SlowReaderTest::impatient);
                Wire slow = signedIn(mail)) {
            for (int i = 0; i < MESSAGES; i++) {
                slow.send("t APPEND INBOX {" + message.length + "}").line();
                slow.bytes(message);
                assertThat(slow.send("").until("t ")).contains("t OK");
            }
            assertThat(slow.imap("SELECT INBOX")).contains(MESSAGES + " EXISTS");
            slow.send("t FETCH 1:* BODY.PEEK[]");
            LockSupport.parkNanos(PATIENCE.multipliedBy(4).toNanos()); // it does not read meanwhile

            assertThat(slow.until("t OK")).doesNotContain("t OK");
            try (Wire quick = signedIn(mail)) {
                quick.imap("SELECT INBOX");
                assertThat(quick.imap("FETCH 1:* BODY.PEEK[]")).contains("t OK");
            }
        }
    }

    private static MailSettings impatient(MailSettings it) {
        ImapSettings imap = it.imap();
        return new MailSettings(
                it.hostName(),
                it.connectionsMax(),
                it.messageSizeMax(),
                it.recipientsMax(),
                it.outside(),
                it.sealedMailbox(),
                it.transfer(),
                it.submission(),
                it.lmtp(),
                new ImapSettings(
                        imap.listen(),
                        imap.listenTls(),
                        imap.connectionsMax(),
                        imap.idleTimeout(),
                        imap.bytesBeforeLogin(),
                        PATIENCE),
                it.managesieve());
    }

    private static Wire signedIn(TestMail mail) {
        Wire imap = mail.tls("imaps");
        imap.line();
        assertThat(imap.imap("LOGIN " + TestMail.AMA + " " + TestMail.SECRET)).contains("t OK");
        return imap;
    }
}
