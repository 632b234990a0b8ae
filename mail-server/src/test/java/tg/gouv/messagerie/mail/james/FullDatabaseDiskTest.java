package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.blobs.BlobSettings;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.DatabaseSettings;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * PostgreSQL refuses what does not fit (53100) as long as its log has room, and ends by itself when that has none; nobody starts
 * anything here but the program.
 */
/** The disk of PostgreSQL is full: what is acknowledged is kept, the rest is refused, and mail flows again once there is room. */
@Timeout(150)
class FullDatabaseDiskTest {
    private static final int REFUSED_IN_A_ROW = 10;
    private static final Duration FLOWS_AGAIN_WITHIN = Duration.ofSeconds(60);

    private static Optional<SmallDisk> disk = Optional.empty();
    private static TestMail mail;
    private static Map<String, String> cast = Map.of();

    @BeforeAll
    static void start() throws Exception {
        disk = SmallDisk.mounted(500);
        assumeTrue(disk.isPresent(), "a disk can be mounted");
        mail = new TestMail(
                TestMail.settings(),
                database -> database,
                new TestMail.Ground(
                        disk.get().folder().resolve("data"),
                        Optional.of(impatient()),
                        BlobSettings.byDefault(),
                        Clock.systemUTC()));
    }

    @BeforeEach
    void cast() {
        cast = mail.cast();
    }

    @AfterAll
    static void stop() throws IOException {
        if (disk.isPresent()) {
            mail.close();
            disk.get().close();
        }
    }

    @AfterEach
    void free() throws IOException {
        disk.orElseThrow().free();
    }

    /** Who waits is told soon. */
    static DatabaseSettings impatient() {
        DatabaseSettings usual = DatabaseSettings.embeddedByDefault();
        return new DatabaseSettings(
                usual.url(),
                usual.user(),
                usual.password(),
                usual.rootCertificate(),
                Duration.ofSeconds(2),
                usual.waitingMax(),
                Duration.ofSeconds(5),
                usual.idleInTransactionTimeout(),
                usual.embedded());
    }

    private static String of(String name) {
        return Objects.requireNonNull(cast.get(name), name);
    }

    @Test
    void whatIsAcknowledgedIsKept() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        assertThat(submit("avant")).startsWith("250 ");
        acknowledged.add("avant");
        try (JmapClient client = new JmapClient(mail, MailAddress.of(of("ama")))) {
            client.call("Mailbox/get", "\"ids\":null"); // which makes the mailboxes of a new account
        }

        disk.orElseThrow().fill();
        int refusedInARow = 0;
        for (int i = 0; refusedInARow < REFUSED_IN_A_ROW; i++) {
            assertThat(i).as("messages on a full disk").isLessThan(3_000);
            String answer = submit("plein-" + i + ".");
            if (answer.startsWith("250 ")) {
                acknowledged.add("plein-" + i + ".");
                refusedInARow = 0;
                disk.orElseThrow().fill(); // what PostgreSQL gave back meanwhile
            } else {
                refusals.add(answer);
                refusedInARow++;
            }
        }
        assertThat(refusals)
                .allSatisfy(answer ->
                        assertThat(answer).matches("(452 4\\.3\\.1|451 4\\.3\\.0|454 4\\.7\\.0|421 ).*|\\(gone\\)"))
                .anySatisfy(answer -> assertThat(answer).startsWith("452 4.3.1 "));
        othersAreAnswered();

        disk.orElseThrow().free();
        flowsAgain("apres");
        acknowledged.add("apres");
        everythingIsThere(acknowledged);
    }

    /** PostgreSQL that cannot write its log ends, and cannot start as long as the disk is full. */
    @Test
    void whatIsAcknowledgedIsKeptThoughPostgresqlEnds() throws Exception {
        assertThat(submit("ancien")).startsWith("250 ");
        disk.orElseThrow().fill();
        Connections log = mail.stored().connections("test-log", "mail", 1);
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> fillLog(log));
        disk.orElseThrow().fill(); // what the end gave back
        for (int i = 0; i < REFUSED_IN_A_ROW; i++) {
            assertThat(submit("refuse")).matches("(452 4\\.3\\.1|451 4\\.3\\.0|454 4\\.7\\.0|421 ).*");
        }
        disk.orElseThrow().free();
        flowsAgain("nouveau");
        everythingIsThere(List.of("ancien", "nouveau"));
    }

    private static void fillLog(Connections log) {
        for (int i = 0; i < 1_000; i++) {
            log.<Object, RuntimeException>autoCommit(
                    c -> Sql.query(c, row -> 1, "select pg_logical_emit_message(false, 'test', repeat('x', 1000000))"));
        }
    }

    private static void othersAreAnswered() throws Exception {
        byte[] small = SmtpClient.message(of("ama"), "depot", 8_000);
        try (ImapClient client = new ImapClient(mail.server(), of("kofi"))) {
            client.say("SELECT INBOX");
            client.awaitSearch("SUBJECT avant", 1);
            assertThat(client.say("FETCH 1 (ENVELOPE BODY.PEEK[])").toString()).contains("avant 30");
            assertThat(client.append("INBOX", small).getLast())
                    .contains(" NO [UNAVAILABLE] ")
                    .contains("room");
            client.say("NOOP");
        }
        try (JmapClient client = new JmapClient(mail, MailAddress.of(of("ama")))) {
            var refused = client.uploading(small);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(client.call("Mailbox/get", "\"ids\":null").path("list").size())
                    .isPositive();
        }
    }

    private static void flowsAgain(String subject) throws Exception {
        long deadline = System.nanoTime() + FLOWS_AGAIN_WITHIN.toNanos();
        String answer = submit(subject);
        while (!answer.startsWith("250 ")) {
            assertThat(System.nanoTime()).as(answer).isLessThan(deadline);
            Thread.sleep(200);
            answer = submit(subject);
        }
    }

    private static void everythingIsThere(List<String> acknowledged) throws Exception {
        try (ImapClient reader = new ImapClient(mail.server(), of("kofi"))) {
            reader.say("SELECT INBOX");
            for (String subject : acknowledged) {
                reader.awaitSearch("SUBJECT " + subject, 1);
            }
        }
    }

    /** What is answered in the end, « (gone) » if nothing. */
    private static String submit(String subject) {
        try (SmtpClient client = new SmtpClient(mail.server(), of("ama"))) {
            return client.send(of("ama"), List.of(of("kofi")), subject, 8_000);
        } catch (IOException e) {
            return "(gone)";
        }
    }
}
