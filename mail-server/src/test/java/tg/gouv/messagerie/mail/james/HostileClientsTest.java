package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tg.gouv.messagerie.mail.smtp.PatienceSettings;
import tg.gouv.messagerie.platform.settings.ByteSize;

/*
 * Stock James 3.8.1 waits half an hour (IMAP) or five minutes after each byte, answers without end whoever does not read, and
 * counts no errors but nine commands that it does not know. Each test fails on it.
 */
/** Clients that are slow, silent, or do not read, on raw sockets; whoever behaves is served meanwhile. */
@Timeout(60)
class HostileClientsTest {
    private static final PatienceSettings SHORT = new PatienceSettings(
            Duration.ofSeconds(6), Duration.ofSeconds(2), ByteSize.parse("1KB"), Duration.ofSeconds(2));

    private static final int PER_ADDRESS = 60;

    private static TestMail mail;
    private static Map<String, String> cast;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.patient(SHORT, PER_ADDRESS));
        cast = mail.cast();
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    private static int port(String door) {
        return Objects.requireNonNull(mail.server().ports().get(door), door);
    }

    private static String of(String name) {
        return Objects.requireNonNull(cast.get(name), name);
    }

    /** What was said last before the end, however the end came; fails if there is none in time. */
    private static String farewell(Client client) throws IOException {
        String last = "";
        try {
            for (String line = client.line(); line != null; line = client.line()) {
                last = line;
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("still open after: " + last, e);
        } catch (IOException _) {
            // reset is an end too
        }
        return last;
    }

    /** Sends a byte now and then until the server has enough. */
    private static String drip(Client client, byte[] bytes) throws Exception {
        Thread dripping = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; ; i++) {
                    client.send(new byte[] {bytes[i % bytes.length]});
                    Thread.sleep(300);
                }
            } catch (IOException | InterruptedException _) {
                // the end
            }
        });
        try {
            return farewell(client);
        } finally {
            dripping.interrupt();
        }
    }

    private static Client imap() throws IOException {
        Client client = new Client(port("imaps"), true);
        client.line();
        client.send("a LOGIN " + of("ama") + " " + TestMail.SECRET);
        until(client, "a OK.*");
        return client;
    }

    private static Client submission() throws IOException {
        Client client = new Client(port("submissions"), true);
        client.line();
        client.send("EHLO client");
        until(client, "250 .*");
        client.send("AUTH PLAIN " + of("ama.plain"));
        until(client, "235 .*");
        return client;
    }

    private static Client sieve() throws IOException {
        Client client = new Client(port("managesieve"), false);
        until(client, "OK.*");
        client.send("STARTTLS");
        until(client, "OK.*");
        client.startTls();
        until(client, "OK.*");
        client.send("AUTHENTICATE \"PLAIN\" \"" + of("ama.plain") + "\"");
        until(client, "OK.*");
        return client;
    }

    private static String until(Client client, String regex) throws IOException {
        String line = client.line();
        while (line != null && !line.matches(regex)) {
            line = client.line();
        }
        return Objects.requireNonNull(line, "gone before " + regex);
    }

    @Test
    void aByteNowAndThenBeforeSignInIsNotWaitedForForEver() throws Exception {
        all(
                () -> {
                    try (Client client = new Client(port("imap"), false)) {
                        assertThat(drip(client, "a LOGIN xxxxxxxx".getBytes(StandardCharsets.US_ASCII)))
                                .startsWith("* BYE");
                    }
                },
                () -> {
                    try (Client client = new Client(port("submission"), false)) {
                        assertThat(drip(client, "EHLO xxxxxxx".getBytes(StandardCharsets.US_ASCII)))
                                .startsWith("421 4.");
                    }
                },
                () -> {
                    try (Client client = new Client(port("smtp"), false)) {
                        assertThat(drip(client, "EHLO xxxxxxx".getBytes(StandardCharsets.US_ASCII)))
                                .startsWith("421 4.4.2");
                    }
                },
                () -> {
                    try (Client client = new Client(port("lmtp"), false)) {
                        assertThat(drip(client, "LHLO xxxxxxx".getBytes(StandardCharsets.US_ASCII)))
                                .startsWith("421 4.4.2");
                    }
                },
                () -> {
                    try (Client client = new Client(port("managesieve"), false)) {
                        drip(client, "CAPABILITYYYYYY".getBytes(StandardCharsets.US_ASCII));
                    }
                });
    }

    @Test
    void silenceBeforeSignInAndHalfATlsHandshakeEnd() throws Exception {
        all(
                () -> {
                    try (Client client = new Client(port("imap"), false)) {
                        assertThat(farewell(client)).startsWith("* BYE Pas de connexion");
                    }
                },
                () -> {
                    try (Client client = new Client(port("submission"), false)) {
                        assertThat(farewell(client)).startsWith("421 4.7.0 Pas de connexion");
                    }
                },
                () -> {
                    try (Client client = new Client(port("managesieve"), false)) {
                        farewell(client);
                    }
                },
                () -> {
                    try (Client client = new Client(port("imaps"), false)) {
                        client.send(new byte[] {0x16, 0x03, 0x01, 0x02});
                        farewell(client);
                    }
                },
                () -> {
                    try (Client client = new Client(port("submissions"), false)) {
                        client.send(new byte[] {0x16, 0x03, 0x01, 0x02});
                        farewell(client);
                    }
                },
                () -> {
                    try (Client client = new Client(port("smtp"), false)) {
                        client.send("EHLO x");
                        until(client, "250 .*");
                        client.send("STARTTLS");
                        until(client, "220 .*");
                        until(client, "220 .*");
                        client.send(new byte[] {0x16, 0x03, 0x01, 0x02});
                        farewell(client);
                    } catch (NullPointerException _) {
                        // the end came first
                    }
                },
                () -> {
                    try (Client client = new Client(port("managesieve"), false)) {
                        until(client, "OK.*");
                        client.send("STARTTLS");
                        until(client, "OK.*");
                        client.send(new byte[] {0x16, 0x03, 0x01, 0x02});
                        farewell(client);
                    }
                });
    }

    @Test
    void aMessageThatComesByteByByteEndsAfterSignInToo() throws Exception {
        all(
                () -> {
                    try (Client client = imap()) {
                        client.send("b APPEND INBOX {100000}");
                        until(client, "\\+.*");
                        assertThat(drip(client, "x\r\n".getBytes(StandardCharsets.US_ASCII)))
                                .startsWith("* BYE Trop lent");
                    }
                },
                () -> {
                    try (Client client = imap()) {
                        assertThat(drip(client, "c NOOP          ".getBytes(StandardCharsets.US_ASCII)))
                                .startsWith("* BYE Trop lent");
                    }
                },
                () -> {
                    try (Client client = submission()) {
                        data(client, of("ama"), "submission");
                        assertThat(drip(client, "ab\r\n".getBytes(StandardCharsets.US_ASCII)))
                                .startsWith("421 4.4.2");
                    }
                },
                () -> {
                    try (Client client = new Client(port("lmtp"), false)) {
                        client.line();
                        client.send("LHLO x");
                        until(client, "250 .*");
                        data(client, "a@example.org", "lmtp");
                        assertThat(drip(client, "ab\r\n".getBytes(StandardCharsets.US_ASCII)))
                                .startsWith("421 4.4.2");
                    }
                },
                () -> {
                    try (Client client = sieve()) {
                        client.send("PUTSCRIPT \"a\" {10000+}");
                        drip(client, "# x\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                });
    }

    private static void data(Client client, String sender, String door) throws IOException {
        client.send("MAIL FROM:<" + sender + ">");
        until(client, "250 .*");
        client.send("RCPT TO:<" + of("kofi") + ">");
        until(client, "250 .*");
        client.send("DATA");
        assertThat(until(client, "354 .*")).as(door).startsWith("354");
    }

    /** A slow line that keeps up with the least rate is served: 2 KB in 4 s, though 2 s are the time of a small one. */
    @Test
    void whoIsSlowButKeepsUpIsServed() throws Exception {
        try (Client client = imap()) {
            int size = 6_000;
            client.send("b APPEND INBOX {" + size + "}");
            until(client, "\\+.*");
            byte[] part = "y".repeat(size / 12).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 12; i++) {
                client.send(part);
                Thread.sleep(300);
            }
            client.send("");
            assertThat(until(client, "b .*")).startsWith("b OK");
            Thread.sleep(SHORT.signInTimeout().plusSeconds(1));
            client.send("c NOOP");
            assertThat(until(client, "c .*")).as("silent, but signed in").startsWith("c OK");
        }
    }

    /** Stock James keeps every answer in memory: some bytes asked, tens to keep. */
    @Test
    void whoDoesNotReadIsNotAnsweredWithoutEnd() throws Exception {
        neverReads(new Client(port("smtp"), false), "HELP\r\n");
        neverReads(new Client(port("lmtp"), false), "NOOP\r\n");
        neverReads(submission(), "NOOP\r\n");
        neverReads(imap(), "a CAPABILITY\r\n");
        neverReads(sieve(), "CAPABILITY\r\n");
    }

    private static void neverReads(Client client, String command) throws IOException {
        byte[] many = command.repeat(2_000).getBytes(StandardCharsets.US_ASCII);
        long sent = 0;
        try (client) {
            while (sent < 200_000_000) {
                client.send(many);
                sent += many.length;
            }
            throw new AssertionError("it took everything");
        } catch (IOException e) {
            assertThat(sent)
                    .as("octets taken from who reads nothing: " + command)
                    .isLessThan(50_000_000);
        }
    }

    @Test
    void aHugeLiteralIsRefusedBeforeItIsSent() throws Exception {
        try (Client client = imap()) {
            client.send("b APPEND INBOX {10737418240}");
            assertThat(until(client, "b .*")).startsWith("b NO [TOOBIG]");
            client.send("c NOOP");
            assertThat(until(client, "c .*")).startsWith("c OK");
        }
        try (Client client = new Client(port("imap"), false)) {
            client.line();
            client.send("a LOGIN {10737418240}");
            assertThat(until(client, "a .*")).startsWith("a NO [TOOBIG]");
        }
        try (Client client = sieve()) {
            client.send("PUTSCRIPT \"a\" {10737418240}");
            assertThat(farewell(client)).startsWith("BYE \"Texte trop grand");
        }
        try (Client client = submission()) {
            client.send("MAIL FROM:<" + of("ama") + "> SIZE=10737418240");
            assertThat(until(client, "5.*")).startsWith("552 5.3.4");
        }
    }

    @Test
    void threeHundredErrorsEndAConnectionWithAWord() throws Exception {
        all(
                () -> errs(imap(), "a SELECT nulle-part\r\n", "\\* BYE .*Trop d'echecs.*"),
                () -> errs(imap(), "a BOGUS\r\n", "\\* BYE .*Trop d'echecs.*"),
                () -> errs(new Client(port("imaps"), true), "a BOGUS\r\n", "\\* BYE .*"),
                () -> errs(sieve(), "GETSCRIPT \"nulle-part\"\r\n", "BYE .*Trop d'erreurs.*"),
                () -> errs(submission(), "RCPT\r\n", "421 4\\.7\\.0 .*"),
                () -> errs(new Client(port("lmtp"), false), "BOGUS\r\n", "421 4\\.7\\.0 .*"));
    }

    private static void errs(Client client, String command, String farewell) throws IOException {
        try (client) {
            byte[] all = command.repeat(300).getBytes(StandardCharsets.US_ASCII);
            Thread.ofVirtual().start(() -> {
                try {
                    client.send(all);
                } catch (IOException _) {
                    // it ended while we sent
                }
            });
            assertThat(farewell(client)).matches(farewell);
        }
    }

    @Test
    void sixThousandRecipientsAreTakenInParts() throws Exception {
        all(
                () -> assertThat(accepted(submission(), of("ama"), 6_000)).isEqualTo(100),
                () -> {
                    Client client = new Client(port("smtp"), false);
                    client.send("EHLO x");
                    assertThat(accepted(client, "a@example.org", 6_000)).isEqualTo(1_000);
                },
                () -> {
                    Client client = new Client(port("lmtp"), false);
                    client.send("LHLO x");
                    assertThat(accepted(client, "a@example.org", 6_000)).isEqualTo(1_000);
                });
    }

    private static int accepted(Client client, String sender, int recipients) throws IOException {
        try (client) {
            client.send("MAIL FROM:<" + sender + ">");
            until(client, "250 2\\.1\\.0.*");
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < recipients; i++) {
                        client.send("RCPT TO:<" + of("kofi") + ">");
                    }
                } catch (IOException _) {
                    // it ended: too many errors
                }
            });
            int accepted = 0;
            String line = client.line();
            for (; line != null && line.startsWith("250"); line = client.line()) {
                accepted++;
            }
            assertThat(line).startsWith("452 4.5.3");
            return accepted;
        }
    }

    @Test
    void oneAddressHasSoManyConnectionsAndOthersAreServedMeanwhile() throws Exception {
        for (String door : List.of("smtp", "imap", "managesieve", "lmtp")) {
            List<Client> open = new ArrayList<>();
            try {
                for (int i = 0; i < PER_ADDRESS; i++) {
                    Client client = new Client(port(door), false);
                    open.add(client);
                    Objects.requireNonNull(client.line(), door + " " + i);
                }
                try (Client oneMore = new Client(port(door), false)) {
                    assertThat(farewell(oneMore)).as(door).matches("(421|\\* BYE|BYE).*[Tt]oo many.*");
                }
                try (Socket other = new Socket()) {
                    other.bind(new java.net.InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0));
                    other.connect(new java.net.InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port(door)));
                    other.setSoTimeout(10_000);
                    assertThat((char) other.getInputStream().read()).as(door).isIn('2', '*', '"');
                }
            } finally {
                for (Client client : open) {
                    client.close();
                }
            }
        }
    }

    /** Fifty of each kind hold on while one who behaves signs in, sends and reads. */
    @Test
    void whoBehavesIsServedWhileManyDoNot() throws Exception {
        List<Client> bad = new ArrayList<>();
        try {
            for (int i = 0; i < PER_ADDRESS - 10; i++) {
                for (String door : List.of("smtp", "imap", "managesieve", "submissions")) {
                    Client client = new Client(port(door), false);
                    client.send("x".getBytes(StandardCharsets.US_ASCII));
                    bad.add(client);
                }
            }
            Instant begin = Instant.now();
            try (Client sender = submission()) {
                data(sender, of("ama"), "submission");
                sender.send("From: " + of("ama") + "\r\nSubject: meanwhile\r\n\r\nx\r\n.");
                until(sender, "250 .*");
            }
            try (Client reader = imap()) {
                reader.send("b STATUS INBOX (MESSAGES)");
                until(reader, "b OK.*");
            }
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
        } finally {
            for (Client client : bad) {
                client.close();
            }
        }
    }

    private interface Part {
        void run() throws Exception;
    }

    /** Runs parts at once, for each waits for the server's patience to end. */
    private static void all(Part... parts) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<@Nullable Void>> running = new ArrayList<>();
            for (Part part : parts) {
                Callable<@Nullable Void> call = () -> {
                    part.run();
                    return null;
                };
                running.add(threads.submit(call));
            }
            for (Future<@Nullable Void> each : running) {
                each.get();
            }
        }
    }
}
