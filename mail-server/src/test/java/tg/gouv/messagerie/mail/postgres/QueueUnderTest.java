package tg.gouv.messagerie.mail.postgres;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.platform.blobs.BlobSettings;
import tg.gouv.messagerie.platform.blobs.BlobStores;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

/** The queue on a real PostgreSQL, one database for all tests of the JVM, emptied for each. */
record QueueUnderTest(PostgresMailQueues queues, Connections connections) implements AutoCloseable {
    private static final Connections CONNECTIONS;
    private static final Blobs BLOBS;

    static {
        Database database = TestDatabase.fresh();
        database.migrate("platform");
        database.migrate("mail");
        CONNECTIONS = database.connections("queue", "mail", 16);
        BLOBS = BlobStores.open(
                new BlobSettings(BlobSettings.Kind.POSTGRESQL, Optional.empty(), 8), database, Path.of("target"));
    }

    static QueueUnderTest empty(Clock clock, Duration poll) {
        CONNECTIONS.<Integer, RuntimeException>autoCommit(c -> Sql.update(c, "truncate queue_mail, body cascade"));
        return node(UUID.randomUUID(), clock, poll, Duration.ofMinutes(5), 8);
    }

    /** Another node, or another life of one, on the same database. */
    static QueueUnderTest node(UUID node, Clock clock, Duration poll, Duration lease, int attemptsMax) {
        QueueSettings settings =
                new QueueSettings(6, lease, poll, attemptsMax, Duration.ofMillis(1), Duration.ofMillis(1));
        return new QueueUnderTest(
                new PostgresMailQueues(CONNECTIONS, BLOBS, clock, Uuid7.system(), node, settings), CONNECTIONS);
    }

    long count(String sql) {
        return CONNECTIONS
                .<Optional<Long>, RuntimeException>autoCommit(c -> Sql.first(c, row -> row.getLong(1), sql))
                .orElseThrow();
    }

    int update(String sql) {
        return CONNECTIONS.<Integer, RuntimeException>autoCommit(c -> Sql.update(c, sql));
    }

    @Override
    public void close() {
        queues.close();
    }
}
