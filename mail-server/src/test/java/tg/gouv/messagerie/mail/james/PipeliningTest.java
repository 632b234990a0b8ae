package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** Commands that are sent without waiting for answers (RFC 9051 section 5.5), on raw TLS sockets. */
@Timeout(60)
class PipeliningTest {
    private static final int LARGE = 12 * 1024 * 1024;

    private static TestMail mail;
    private static Connections stored;

    private String ama;
    private Client client;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.taking(ByteSize.parse("16MB")));
        stored = mail.stored().connections("test", "mail", 1);
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    @BeforeEach
    void connect() throws IOException {
        ama = Objects.requireNonNull(mail.cast().get("ama"));
        try (ImapClient before = new ImapClient(mail.server(), ama)) {
            before.append("INBOX", "un", "\\Seen");
            before.append("INBOX", "deux", "");
            before.say("CREATE Dossier");
            before.append("Dossier", "trois", "\\Flagged");
        }
        client = new Client(Objects.requireNonNull(mail.server().ports().get("imaps")), true);
        client.line();
    }

    @AfterEach
    void hangUp() throws IOException {
        client.close();
    }

    private String login() {
        return "l LOGIN " + ama + " " + TestMail.SECRET;
    }

    /** All in one write. */
    private void sendAtOnce(String... lines) throws IOException {
        client.send(String.join("\r\n", lines));
    }

    private void signIn() throws IOException {
        client.send(login());
        assertThat(until("l").getLast()).startsWith("l OK");
    }

    /** What is told until a command is answered. */
    private List<String> until(String tag) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(Objects.requireNonNull(client.line(), () -> "gone before " + tag + ", after " + lines));
        } while (!lines.getLast().startsWith(tag + " "));
        return lines;
    }

    @Test
    void whatSelectAllowsMayFollowItAtOnce() throws IOException {
        signIn();
        sendAtOnce("a SELECT INBOX", "b FETCH 1 FLAGS", "c SELECT Dossier", "d FETCH 1 FLAGS", "e CLOSE", "f LOGOUT");
        assertThat(until("a")).contains("* 2 EXISTS").last().asString().startsWith("a OK");
        assertThat(until("b")).anyMatch(line -> line.matches("\\* 1 FETCH .*Seen.*"));
        assertThat(until("c")).contains("* 1 EXISTS");
        assertThat(until("d")).anyMatch(line -> line.matches("\\* 1 FETCH .*Flagged.*"));
        assertThat(until("e").getLast()).startsWith("e OK");
        assertThat(until("f")).anyMatch(line -> line.startsWith("* BYE"));
    }

    @Test
    void aWholeSessionMayBeOneWrite() throws IOException {
        sendAtOnce(login(), "a ENABLE CONDSTORE", "b SELECT INBOX", "c SEARCH SEEN", "d UID FETCH 2 (UID)");
        assertThat(until("l").getLast()).startsWith("l OK");
        assertThat(until("a")).contains("* ENABLED CONDSTORE");
        assertThat(until("b")).contains("* 2 EXISTS");
        assertThat(until("c")).contains("* SEARCH 1");
        assertThat(until("d")).contains("* 2 FETCH (UID 2)");
    }

    @Test
    void whatUnselectForbidsIsRefusedBehindIt() throws IOException {
        signIn();
        sendAtOnce("a SELECT INBOX", "b UNSELECT", "c FETCH 1 FLAGS", "d NOOP");
        assertThat(until("b").getLast()).startsWith("b OK");
        assertThat(until("c")).singleElement().asString().matches("c (BAD|NO) .*");
        assertThat(until("d").getLast()).startsWith("d OK");
    }

    @Test
    void aSelectThatFailsAllowsNothing() throws IOException {
        signIn();
        sendAtOnce("a SELECT INBOX", "b SELECT Inconnu", "c FETCH 1 FLAGS");
        assertThat(until("b").getLast()).startsWith("b NO");
        assertThat(until("c")).singleElement().asString().matches("c (BAD|NO) .*");
    }

    /** A command that fails at once, on another thread, answers before the next one is looked at. */
    @Test
    void whatFailsQuicklyIsAnsweredInItsTurn() throws IOException {
        signIn();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.addAll(List.of("s" + i + " SELECT INBOX", "f" + i + " SELECT Inconnu", "n" + i + " FETCH 1 FLAGS"));
        }
        sendAtOnce(all.toArray(String[]::new));
        for (int i = 0; i < 200; i++) {
            assertThat(until("f" + i)).noneMatch(line -> line.startsWith("n"));
            assertThat(until("n" + i)).hasSize(1);
        }
    }

    /** They are more than may be sent before sign-in, too. */
    @Test
    void thousandsAreAnsweredInOrder() throws IOException {
        List<String> all = new ArrayList<>(List.of(login()));
        IntStream.range(0, 3_000).mapToObj(i -> "n" + i + " NOOP").forEach(all::add);
        sendAtOnce(all.toArray(String[]::new));
        assertThat(until("l").getLast()).startsWith("l OK");
        for (int i = 0; i < 3_000; i++) {
            assertThat(client.line()).startsWith("n" + i + " OK");
        }
    }

    /** RFC 7888. */
    @Test
    void commandsFollowALiteralThatIsNotWaitedFor() throws IOException {
        String message = "Subject: a\r\n\r\nb APPEND INBOX {3}\r\n";
        sendAtOnce(
                "l LOGIN {" + ama.length() + "+}",
                ama + " {" + TestMail.SECRET.length() + "+}",
                TestMail.SECRET,
                "a APPEND Dossier {" + message.length() + "+}",
                message,
                "c SELECT Dossier",
                "d UID SEARCH SUBJECT {1+}",
                "a");
        assertThat(until("l").getLast()).startsWith("l OK");
        assertThat(until("a").getLast()).startsWith("a OK [APPENDUID");
        assertThat(until("c")).contains("* 2 EXISTS");
        assertThat(until("d")).contains("* SEARCH 2");
    }

    /** RFC 9051 section 4.3. */
    @Test
    void eachLiteralIsInvited() throws IOException {
        client.send("l LOGIN {" + ama.length() + "}");
        assertThat(client.line()).startsWith("+");
        client.send(ama + " {" + TestMail.SECRET.length() + "}");
        assertThat(client.line()).startsWith("+");
        client.send(TestMail.SECRET);
        assertThat(until("l")).singleElement().asString().startsWith("l OK");
    }

    /** RFC 7888 section 4. */
    @Test
    void theLiteralOfARefusedCommandIsNotObeyed() throws IOException {
        String trap = "x NOOP\r\ny LOGOUT\r\n";
        sendAtOnce("a APPEND INBOX {" + trap.length() + "+}", trap, "b CAPABILITY");
        assertThat(until("b"))
                .hasSize(3)
                .noneMatch(line -> line.startsWith("x ") || line.startsWith("y "))
                .first()
                .asString()
                .matches("a (BAD|NO) .*");
        client.send("c APPEND INBOX {" + trap.length() + "}");
        assertThat(client.line()).matches("c (BAD|NO) .*");
        client.send("d CAPABILITY");
        assertThat(until("d").getLast()).startsWith("d OK");
    }

    @Test
    void aCommandWaitsForALiteralThatIsKeptInAFile() throws IOException {
        signIn();
        byte[] head = ("a APPEND Dossier {" + LARGE + "+}\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] tail = "\r\nb SELECT Dossier\r\nc FETCH 2 RFC822.SIZE\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + LARGE + tail.length];
        Arrays.fill(all, (byte) '\n');
        System.arraycopy(head, 0, all, 0, head.length);
        byte[] subject = "Subject: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(subject, 0, all, head.length, subject.length);
        System.arraycopy(tail, 0, all, head.length + LARGE, tail.length);
        client.send(all);
        assertThat(until("a").getLast()).startsWith("a OK");
        assertThat(until("b")).contains("* 2 EXISTS");
        assertThat(until("c")).contains("* 2 FETCH (RFC822.SIZE " + LARGE + ")");
    }

    @Test
    void whatAuthenticateAsksForMayFollowItAtOnce() throws IOException {
        sendAtOnce("a AUTHENTICATE PLAIN", TestMail.plain(ama, TestMail.SECRET), "b SELECT INBOX", "c FETCH 1 UID");
        assertThat(client.line()).startsWith("+");
        assertThat(until("a")).singleElement().asString().startsWith("a OK");
        assertThat(until("b")).contains("* 2 EXISTS");
        assertThat(until("c")).contains("* 1 FETCH (UID 1)");
    }

    @Test
    void idleEndsByADoneThatWasSentWithIt() throws IOException {
        signIn();
        for (int i = 0; i < 20; i++) {
            sendAtOnce("a SELECT INBOX", "b IDLE", "DONE", "c FETCH 1 UID", "d IDLE", "DONE", "e NOOP");
            assertThat(until("b")).anyMatch(line -> line.startsWith("+"));
            assertThat(until("c")).contains("* 1 FETCH (UID 1)");
            assertThat(until("d").getLast()).startsWith("d OK");
            assertThat(until("e").getLast()).startsWith("e OK");
        }
    }

    /** A command that takes long holds back the client that sends more, and is not piled upon. */
    @Test
    void whoSendsBehindASlowCommandWaits() throws Exception {
        signIn();
        client.send("a SELECT INBOX");
        until("a");
        AtomicLong sent = new AtomicLong();
        Thread sending;
        try (ImapClient other = new ImapClient(mail.server(), ama)) {
            sending = stored.transaction(connection -> {
                try (var statement = connection.createStatement()) {
                    statement.execute("lock table mailbox_counter in access exclusive mode");
                    Thread started = Thread.ofVirtual().start(() -> sendMuch(sent));
                    waitUntilStill(sent);
                    return started;
                }
            });
            assertThat(sent).as("octets taken meanwhile").hasValueLessThan(20_000_000);
            other.say("NOOP");
        }
        long before = sent.get();
        long answered = 0;
        while (answered < 100 || sent.get() == before) {
            answered += until("n").getLast().startsWith("n OK") ? 1 : 0;
        }
        sending.interrupt();
    }

    private void sendMuch(AtomicLong sent) {
        byte[] many = ("n ID (\"x\" \"" + "x".repeat(1_000) + "\")\r\n").getBytes(StandardCharsets.US_ASCII);
        try {
            while (!Thread.interrupted() && sent.get() < 200_000_000) {
                client.send(many);
                sent.addAndGet(many.length);
            }
        } catch (IOException _) {
            // the test is over
        }
    }

    private static void waitUntilStill(AtomicLong sent) {
        try {
            long before = -1;
            while (sent.get() != before || before == 0) {
                before = sent.get();
                Thread.sleep(Duration.ofMillis(500));
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
