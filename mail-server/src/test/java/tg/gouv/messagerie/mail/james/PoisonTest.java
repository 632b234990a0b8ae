package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tg.gouv.messagerie.mail.postgres.PoisonedConnections;
import tg.gouv.messagerie.mail.postgres.QueueSettings;
import tg.gouv.messagerie.mail.queue.QueueFilter;
import tg.gouv.messagerie.mail.queue.QueuedMessage;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.DatabaseOver;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** A message on which our own code fails, in any way, is tried a few times and put aside with the reason; other mail flows. */
@Timeout(60)
class PoisonTest {
    private static final String SENDER = "poison@example.org";
    private static final int ATTEMPTS_MAX = 3;
    private static final QueueSettings QUEUE = new QueueSettings(
            6,
            Duration.ofMinutes(5),
            Duration.ofMillis(100),
            50,
            ATTEMPTS_MAX,
            3,
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            30,
            ByteSize.parse("64KB"));

    private static final PoisonedConnections.Poison POISON = new PoisonedConnections.Poison(SENDER);
    private static TestMail mail;

    private record PoisonedDatabase(Database database) implements DatabaseOver {
        @Override
        public Connections connections(String role, String schema, int most) {
            return new PoisonedConnections(database.connections(role, schema, most), POISON);
        }

        @Override
        public void close() {
            // the test's to close
        }
    }

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings(QUEUE), PoisonedDatabase::new);
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    static Stream<Supplier<Throwable>> failures() {
        return Stream.of(
                () -> new IllegalStateException("poison"),
                StackOverflowError::new,
                () -> new OutOfMemoryError("poison"),
                () -> new NoClassDefFoundError("poison"),
                () -> new AssertionError("poison"),
                () -> new Exception("poison"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isPutAsideWithItsReason(Supplier<Throwable> failure) throws Exception {
        POISON.is(failure);
        int before = POISON.taken();
        Map<String, String> cast = mail.cast();
        String kofi = Objects.requireNonNull(cast.get("kofi"));
        String name = failure.get().getClass().getSimpleName();
        try (SmtpClient client = new SmtpClient(mail.server());
                ImapClient reader = new ImapClient(mail.server(), kofi)) {
            reader.say("SELECT INBOX");
            assertThat(client.send(SENDER, List.of(kofi), "empoisonne", 1_000)).startsWith("250 ");
            for (int i = 0; i < 20; i++) { // more than are delivered at once
                assertThat(client.send("autre@example.org", List.of(kofi), "sain-" + i + ".", 1_000))
                        .startsWith("250 ");
            }
            reader.awaitSearch("SUBJECT sain", 20);
            QueuedMessage aside = aside(kofi);
            assertThat(aside.lastError().orElse(""))
                    .as(name)
                    .contains("failed " + ATTEMPTS_MAX + " times")
                    .contains(name);
            assertThat(POISON.taken() - before).isBetween(ATTEMPTS_MAX, 10 * ATTEMPTS_MAX);
            reader.awaitSearch("SUBJECT empoisonne", 0);
            assertThat(mail.server().flowNow().aside()).isPositive();
        }
    }

    private static QueuedMessage aside(String recipient) throws InterruptedException {
        QueueFilter which = new QueueFilter(
                List.of(),
                Optional.of(SENDER),
                Optional.of(recipient),
                Optional.empty(),
                Optional.empty(),
                java.util.Set.of(QueuedMessage.State.ASIDE));
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            List<QueuedMessage> found = mail.server().queue().list(which, Optional.empty(), 10);
            if (!found.isEmpty()) {
                return found.getFirst();
            }
            assertThat(System.nanoTime()).as("put aside").isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
