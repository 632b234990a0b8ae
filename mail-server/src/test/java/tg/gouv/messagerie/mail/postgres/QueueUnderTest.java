package tg.gouv.messagerie.mail.postgres;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import tg.gouv.messagerie.platform.blobs.BlobSettings;
import tg.gouv.messagerie.platform.blobs.BlobStores;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** One life of a node over a real PostgreSQL, one database for all tests of the JVM, emptied for each. */
record QueueUnderTest(PostgresMailQueues queues, MortalConnections.Life mortal) implements AutoCloseable {
    static final Connections CONNECTIONS;
    static final Blobs BLOBS;
    static final Clock CLOCK = Clock.systemUTC();

    static {
        Database database = TestDatabase.fresh();
        database.migrate("platform");
        database.migrate("mail");
        CONNECTIONS = database.connections("queue", "mail", 16);
        BLOBS = BlobStores.open(
                new BlobSettings(BlobSettings.Kind.POSTGRESQL, Optional.empty(), 8), database, Path.of("target"));
    }

    static QueueUnderTest empty(Clock clock, Duration poll) {
        empty();
        return node(UUID.randomUUID(), clock, settings(Duration.ofMinutes(5), poll, 8));
    }

    static void empty() {
        CONNECTIONS.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c,
                "truncate queue_mail, outgoing_recipient, outgoing_mail, outgoing_destination, delivered, repository_mail, mail_repository, released, unnamed_object, arriving_object,"
                        + " body cascade"));
    }

    static QueueSettings settings(Duration lease, Duration poll, int attemptsMax) {
        return new QueueSettings(
                6,
                lease,
                poll,
                50,
                attemptsMax,
                3,
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                4,
                ByteSize.parse("64KB"));
    }

    /** Another node, or another life of one, on the same database. */
    static QueueUnderTest node(UUID node, Clock clock, QueueSettings settings) {
        return node(node, clock, settings, BLOBS);
    }

    static QueueUnderTest node(UUID node, Clock clock, QueueSettings settings, Blobs blobs) {
        MortalConnections.Life mortal = new MortalConnections.Life();
        return new QueueUnderTest(
                new PostgresMailQueues(
                        new MortalConnections(CONNECTIONS, mortal), blobs, clock, Uuid7.system(), node, settings),
                mortal);
    }

    MailRepository errors() {
        return new PostgresMailRepository(queues, MailRepositoryUrl.from(QueueSettings.errors()));
    }

    static long count(String from, Object... parameters) {
        return CONNECTIONS
                .<Optional<Long>, RuntimeException>autoCommit(
                        c -> Sql.first(c, row -> row.getLong(1), "select count(*) from " + from, parameters))
                .orElseThrow();
    }

    static int update(String sql, Object... parameters) {
        return CONNECTIONS.<Integer, RuntimeException>autoCommit(c -> Sql.update(c, sql, parameters));
    }

    /** Ends this life as a kill would: nothing more of it is written. */
    void kill() {
        mortal.die();
        queues.close();
    }

    @Override
    public void close() {
        queues.close();
    }
}
