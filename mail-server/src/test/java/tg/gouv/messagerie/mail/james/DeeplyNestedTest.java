package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.mail.mime.MimePart;

/** Messages whose parts are in one another some thousand times are refused at once; those that are not so deep pass as they are. */
class DeeplyNestedTest {
    private static final int DEEP = 3_000;

    /** Who parses part within part needs minutes for what is refused here. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static TestMail mail;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings());
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    private static String message(String kind, int depth) {
        StringBuilder message = new StringBuilder("Subject: profond\r\nFrom: <a@example.org>\r\n");
        for (int i = 0; i < depth; i++) {
            message.append(
                    kind.equals("messages")
                            ? "Content-Type: message/rfc822\r\n\r\n"
                            : "Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i + "\r\n");
        }
        message.append("\r\nfond\r\n");
        for (int i = depth - 1; i >= 0 && !kind.equals("messages"); i--) {
            message.append("--b").append(i).append("--\r\n");
        }
        return message.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multiparts", "messages"})
    void isRefusedByTransferAndByAppend(String kind) {
        Map<String, String> cast = mail.cast();
        String address = Objects.requireNonNull(cast.get("ama"));
        assertTimeout(DEADLINE, () -> {
            assertThat(transferred(address, message(kind, DEEP))).startsWith("554 5.6.0 ");
            try (ImapClient ama = new ImapClient(mail.server(), address)) {
                byte[] octets = message(kind, DEEP).getBytes(StandardCharsets.US_ASCII);
                assertThat(ama.append("INBOX", octets, "").getLast()).contains(" NO [LIMIT] ");
                assertThat(ama.say("STATUS INBOX (MESSAGES)").getFirst()).contains("MESSAGES 0");
                assertThat(transferred(address, "From: <a@example.org>\r\nSubject: apres\r\n\r\nx\r\n"))
                        .startsWith("250 ");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"multiparts", "messages"})
    void whatIsAsDeepAsMayBeArrivesAsItIs(String kind) {
        String address = Objects.requireNonNull(mail.cast().get("ama"));
        String message = message(kind, MimePart.DEPTH_MAX);
        assertTimeout(DEADLINE.multipliedBy(2), () -> {
            assertThat(transferred(address, message)).startsWith("250 ");
            try (ImapClient ama = new ImapClient(mail.server(), address)) {
                List<String> there;
                do {
                    there = ama.say("STATUS INBOX (MESSAGES)");
                } while (!there.getFirst().contains("MESSAGES 1"));
                assertThat(ama.append("INBOX", message.getBytes(StandardCharsets.US_ASCII), "")
                                .getLast())
                        .contains(" OK ");
                ama.say("SELECT INBOX");
                assertThat(String.join("\r\n", ama.say("FETCH 1 (BODY.PEEK[])")))
                        .contains(message);
                assertThat(String.join("\r\n", ama.say("FETCH 2 (BODY.PEEK[])")))
                        .contains("}\r\n" + message + ")");
                String path = "1.".repeat(MimePart.DEPTH_MAX - 1) + "1";
                assertThat(String.join("\r\n", ama.say("FETCH 1:2 (BODYSTRUCTURE BODY.PEEK[" + path + "])")))
                        .contains("fond");
                ama.say("SEARCH BODY fond");
            }
        });
    }

    @Test
    void othersAreServedMeanwhile() throws IOException {
        Map<String, String> cast = mail.cast();
        String address = Objects.requireNonNull(cast.get("ama"));
        Thread sender = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 20; i++) {
                try {
                    transferred(address, message("multiparts", DEEP));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try (ImapClient kofi = new ImapClient(mail.server(), Objects.requireNonNull(cast.get("kofi")))) {
            kofi.say("SELECT INBOX");
            int answered = 0;
            while (sender.isAlive() || answered < 10) {
                assertTimeout(Duration.ofSeconds(5), () -> kofi.say("NOOP"));
                answered++;
            }
        }
    }

    /** What the server says of a message at its end. */
    private static String transferred(String recipient, String message) throws IOException {
        try (Client client =
                new Client(Objects.requireNonNull(mail.server().ports().get("smtp")), false)) {
            client.line();
            for (String command : List.of(
                    "HELO relais.example.org", "MAIL FROM:<a@example.org>", "RCPT TO:<" + recipient + ">", "DATA")) {
                client.send(command);
                client.line();
            }
            client.send(message.getBytes(StandardCharsets.US_ASCII));
            client.send(".");
            return Objects.requireNonNull(client.line());
        }
    }
}
