package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/** James's mail queues in PostgreSQL, schema {@code mail}; every queue is there from its first mail on. */
public final class PostgresMailQueues implements MailQueueFactory<ManageableMailQueue>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresMailQueues.class);

    /** A lease is renewed this often within its time. */
    private static final int RENEWALS = 3;

    private final Connections connections;
    private final Blobs blobs;
    private final Clock clock;
    private final Uuid7 ids;
    private final UUID node;
    private final QueueSettings settings;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("mail-queue-", 0).factory());
    private final Scheduler scheduler = Schedulers.fromExecutorService(threads);
    private final Map<MailQueueName, PostgresMailQueue> queues = new ConcurrentHashMap<>();

    /**
     * The queues of a node, which at once takes up again what it worked on in its previous life.
     *
     * @param connections of the schema {@code mail}, brought up to date
     * @param node which node this is, the same after a restart; no two that run at once have the same
     */
    public PostgresMailQueues(
            Connections connections, Blobs blobs, Clock clock, Uuid7 ids, UUID node, QueueSettings settings) {
        this.connections = connections;
        this.blobs = blobs;
        this.clock = clock;
        this.ids = ids;
        this.node = node;
        this.settings = settings;
        connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c, "update queue_mail set lease_node = null, lease_until = null where lease_node = ?", node));
        threads.execute(this::renewLeases);
    }

    @Override
    public Optional<ManageableMailQueue> getQueue(MailQueueName name, PrefetchCount count) {
        return Optional.ofNullable(queues.get(name));
    }

    @Override
    public ManageableMailQueue createQueue(MailQueueName name, PrefetchCount count) {
        return queues.computeIfAbsent(
                name, _ -> new PostgresMailQueue(name, connections, blobs, clock, ids, node, settings, scheduler));
    }

    @Override
    public Set<MailQueueName> listCreatedMailQueues() {
        return Set.copyOf(queues.keySet());
    }

    private void renewLeases() {
        try {
            while (true) {
                Thread.sleep(settings.lease().dividedBy(RENEWALS));
                renewAll();
            }
        } catch (InterruptedException e) {
            LOG.debug("event=queues-closed");
        }
    }

    private void renewAll() {
        try {
            queues.values().forEach(PostgresMailQueue::renew);
        } catch (StoreUnavailable e) {
            LOG.warn("event=lease-not-renewed reason=\"{}\"", e.getMessage());
        }
    }

    /** Claims nothing more; what is worked on is taken up by the next life of this node. */
    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdownNow();
    }
}
