package tg.gouv.messagerie.mail.postgres;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import tg.gouv.messagerie.platform.blobs.BlobSettings;
import tg.gouv.messagerie.platform.blobs.BlobStores;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

/** A database of its own with the schema {@code mail}, a folder for objects, and the queues that a test opens over them. */
final class QueueUnderTest implements AutoCloseable {
    /** Tests that fail often want to be tried again soon. */
    static final QueueSettings QUICK = settings("main", Duration.ofMinutes(5), 100);

    final Database database = TestDatabase.fresh();
    final Connections connections;
    final Blobs blobs;
    private final List<PostgresMailQueues> opened = new ArrayList<>();

    QueueUnderTest(Path directory) {
        database.migrate("mail");
        connections = database.connections("mail", "mail", 8);
        blobs = BlobStores.open(BlobSettings.byDefault(), database, directory);
    }

    static QueueSettings settings(String node, Duration lease, int attemptsMax) {
        return new QueueSettings(
                node,
                lease,
                Duration.ofHours(4),
                Duration.ofMillis(200),
                attemptsMax,
                Duration.ofMillis(50),
                Duration.ofMillis(200),
                Duration.ofDays(30));
    }

    /** Queues, closed with this. */
    PostgresMailQueues open(QueueSettings settings) {
        return open(settings, Clock.systemUTC());
    }

    PostgresMailQueues open(QueueSettings settings, Clock clock) {
        return open(settings, clock, new RecordingMetricFactory(), new NoopGaugeRegistry());
    }

    PostgresMailQueues open(QueueSettings settings, Clock clock, MetricFactory metrics, GaugeRegistry gauges) {
        PostgresMailQueues queues = new PostgresMailQueues(
                connections,
                blobs,
                clock,
                Uuid7.system(),
                settings,
                new RawMailQueueItemDecoratorFactory(),
                metrics,
                gauges);
        opened.add(queues);
        return queues;
    }

    /** Ends the queues and removes every mail. */
    void empty() {
        opened.forEach(PostgresMailQueues::close);
        opened.clear();
        // In the order of locks: a contract's own threads may still say what became of their mails.
        connections.autoCommit(c -> Sql.update(c, "truncate queued_mail, body, queue_object"));
    }

    /** How many rows a table has, or a part of it. */
    long count(String from) {
        return connections.autoCommit(c -> Sql.first(c, row -> row.getLong(1), "select count(*) from " + from)
                .orElseThrow());
    }

    @Override
    public void close() {
        opened.forEach(PostgresMailQueues::close);
        database.close();
    }
}
