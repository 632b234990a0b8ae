package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.database.DatabaseSettings;
import tg.gouv.messagerie.platform.database.PoolUse;

/*
 * A stopped PostgreSQL is the worst: its sockets are open, and nobody answers. With the settings by default everything here takes
 * longer: 5 s to be given a connection, 45 s until one that is in use is given up.
 */
/** PostgreSQL does not answer, or dies: everybody is told to come back, and everything flows again by itself. */
@Timeout(180)
class DatabaseAwayTest {
    private static final int CLIENTS = 200;
    private static final int WAITING_MAX = 50;

    /** Of the platform's threads; each client has a virtual one at most. */
    private static final int THREADS_MORE_MAX = 64;

    private static final Duration FLOWS_AGAIN_WITHIN = Duration.ofSeconds(40);

    private static TestMail mail;
    private static Map<String, String> cast = Map.of();

    @BeforeAll
    static void start() {
        DatabaseSettings usual = DatabaseSettings.embeddedByDefault();
        mail = new TestMail(
                TestMail.settings(),
                database -> database,
                TestMail.Ground.usual()
                        .withOwn(new DatabaseSettings(
                                usual.url(),
                                usual.user(),
                                usual.password(),
                                usual.rootCertificate(),
                                Duration.ofSeconds(1),
                                WAITING_MAX,
                                Duration.ofSeconds(1),
                                usual.idleInTransactionTimeout(),
                                usual.embedded())));
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    @BeforeEach
    void cast() {
        cast = mail.cast();
    }

    @AfterEach
    void goOn() throws Exception {
        signal("CONT");
    }

    private static String of(String name) {
        return Objects.requireNonNull(cast.get(name), name);
    }

    /** To PostgreSQL and all its processes. */
    private static void signal(String signal) throws Exception {
        ProcessHandle server =
                ProcessHandle.of(mail.stored().processId().orElseThrow()).orElseThrow();
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        Stream.concat(Stream.of(server), server.descendants())
                .map(each -> Long.toString(each.pid()))
                .forEach(command::add);
        new ProcessBuilder(command).start().waitFor();
    }

    @Test
    void whileItIsSilentEverybodyIsToldToComeBack() throws Exception {
        assertThat(submit("avant")).startsWith("250 ");
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        try (ImapClient reader = new ImapClient(mail.server(), of("kofi"));
                JmapClient jmap = new JmapClient(mail, MailAddress.of(of("kofi")))) {
            reader.say("SELECT INBOX");
            reader.awaitSearch("SUBJECT avant", 1);
            jmap.call("Mailbox/get", "\"ids\":null");
            signal("STOP");
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<String>> answers = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    answers.add(clients.submit(client(i, acknowledged)));
                }
                Thread.sleep(1_500);
                assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threads + THREADS_MORE_MAX);
                assertThat(mail.stored().pools().stream().mapToInt(PoolUse::waiting))
                        .allSatisfy(waiting -> assertThat(waiting).isLessThanOrEqualTo(WAITING_MAX));
                for (Future<String> answer : answers) {
                    assertThat(answer.get())
                            .as("over SMTP, submission or IMAP")
                            .matches(
                                    "(451 4\\.3\\.0|454 4\\.7\\.0|421 4\\.) ?.*|.* NO \\[UNAVAILABLE\\] .*|\\* BYE .*");
                }
            }
            assertThat(reader.ask("STATUS INBOX (MESSAGES)").getLast()).contains(" NO [UNAVAILABLE] ");
            assertThat(reader.ask("FETCH 1 BODY.PEEK[]").getLast()).contains(" NO [UNAVAILABLE] ");
            assertThat(reader.append("INBOX", SmtpClient.message(of("kofi"), "depot", 2_000))
                            .getLast())
                    .contains(" NO [UNAVAILABLE] ");
            assertThat(jmap.uploading(new byte[1_000]).statusCode()).isEqualTo(503);
            signal("CONT");
            flowsAgain("apres");
            reader.awaitSearch("SUBJECT apres", 1);
            for (String subject : acknowledged) {
                reader.awaitSearch("SUBJECT " + subject, 1);
            }
        }
    }

    private static Callable<String> client(int number, ConcurrentLinkedQueue<String> acknowledged) {
        return switch (number % 4) {
            case 0 ->
                () -> {
                    try (ImapClient client = ImapClient.greeted(mail.server())) {
                        return client.ask("LOGIN " + of("ama") + " " + TestMail.SECRET)
                                .getLast();
                    }
                };
            case 1 -> () -> submit("pendant-" + number + ".");
            default ->
                () -> {
                    String subject = "transfert-" + number + ".";
                    try (SmtpClient client = new SmtpClient(mail.server())) {
                        String answer = client.send("a@example.org", List.of(of("kofi")), subject, 2_000);
                        if (answer.startsWith("250")) {
                            acknowledged.add(subject);
                        }
                        return answer;
                    }
                };
        };
    }

    @Test
    void afterItDiedMailFlowsAgain() throws Exception {
        assertThat(submit("avant")).startsWith("250 ");
        try (ImapClient idle = new ImapClient(mail.server(), of("kofi"))) {
            idle.say("SELECT INBOX");
            idle.awaitSearch("SUBJECT avant", 1);
            idle.idle();
            signal("KILL");
            flowsAgain("apres");
            String line = idle.line();
            while (!line.matches("\\* \\d+ EXISTS")) {
                line = idle.line();
            }
            idle.done();
            idle.awaitSearch("SUBJECT avant", 1);
            idle.awaitSearch("SUBJECT apres", 1);
        }
    }

    private static void flowsAgain(String subject) throws Exception {
        long deadline = System.nanoTime() + FLOWS_AGAIN_WITHIN.toNanos();
        String answer = submit(subject);
        while (!answer.startsWith("250 ")) {
            assertThat(answer).matches("(451 4\\.3\\.0|454 4\\.7\\.0|421 ).*");
            assertThat(System.nanoTime()).as(answer).isLessThan(deadline);
            Thread.sleep(200);
            answer = submit(subject);
        }
    }

    private static String submit(String subject) throws IOException {
        try (SmtpClient client = new SmtpClient(mail.server(), of("ama"))) {
            return client.send(of("ama"), List.of(of("kofi")), subject, 2_000);
        }
    }
}
