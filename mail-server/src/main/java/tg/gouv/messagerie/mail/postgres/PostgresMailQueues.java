package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueItemDecoratorFactory;
import org.apache.james.queue.api.MailQueueName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tg.gouv.messagerie.mail.postgres.QueueRows.Held;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * Threads: one virtual thread per subscriber (QueueSubscription), one that renews leases, takes back those nobody renewed and
 * deletes old objects, and one per reactive enqueue. All of them end in close().
 *
 * What may be lost without harm: a wake-up (every queue polls), the map of leases (they run out, and the next life of this node
 * takes them back at once).
 */
/** The mail queues in the schema {@code mail}, open until closed; several nodes may share them. */
public final class PostgresMailQueues implements MailQueueFactory<PostgresMailQueue>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresMailQueues.class);

    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    /** Longer than a statement may take. */
    private static final Duration CLOSING_MAX = Duration.ofSeconds(35);

    private final Ground ground;
    private final QueueBodies released;
    private final GaugeRegistry gauges;
    private final ExecutorService threads;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<MailQueueName, PostgresMailQueue> queues = new ConcurrentHashMap<>();
    private Instant nextRenewal = Instant.MIN;
    private Instant nextSweep = Instant.MIN;

    /**
     * The queues; nothing is taken from them before somebody subscribes.
     *
     * @param connections of the schema {@code mail}, brought up to date
     * @param blobs the store of bodies above 32 KB
     * @param decorators what James's parts add to items
     */
    public PostgresMailQueues(
            Connections connections,
            Blobs blobs,
            Clock clock,
            Uuid7 ids,
            QueueSettings settings,
            MailQueueItemDecoratorFactory decorators,
            MetricFactory metrics,
            GaugeRegistry gauges) {
        this.gauges = gauges;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("mail-queue-", 0).factory());
        Bodies bodies = new Bodies(blobs, ids);
        UUID life = ids.next();
        QueueRows rows = new QueueRows(connections, bodies, settings.node(), life, settings.attemptsMax());
        this.ground = new Ground(
                rows,
                new QueueLeases(rows, settings, clock),
                bodies,
                clock,
                ids,
                settings,
                decorators,
                metrics,
                threads,
                Schedulers.fromExecutor(threads));
        this.released = new QueueBodies(connections, blobs, clock, settings.objectRetention());
        threads.execute(this::tend);
    }

    /** What every queue stands on. */
    record Ground(
            QueueRows rows,
            QueueLeases leases,
            Bodies bodies,
            Clock clock,
            Uuid7 ids,
            QueueSettings settings,
            MailQueueItemDecoratorFactory decorators,
            MetricFactory metrics,
            ExecutorService threads,
            Scheduler scheduler) {
        void start(QueueSubscription subscription) {
            threads.execute(subscription);
        }
    }

    /** The queue of this name, if it was created here or holds mail. */
    @Override
    public Optional<PostgresMailQueue> getQueue(MailQueueName name, PrefetchCount count) {
        PostgresMailQueue open = queues.get(name);
        if (open == null && ground.rows().names().contains(name.asString())) {
            open = createQueue(name, count);
        }
        return Optional.ofNullable(open);
    }

    /**
     * The queue of this name. When a program asks for it for the first time, what former lives of this node were working on is
     * ready again.
     *
     * @throws StoreUnavailable if PostgreSQL does not answer
     */
    @Override
    public synchronized PostgresMailQueue createQueue(MailQueueName name, PrefetchCount count) {
        PostgresMailQueue known = queues.get(name);
        if (known != null) {
            return known;
        }
        log(ground.rows().releaseFormerLives(name.asString(), ground.clock().instant()));
        PostgresMailQueue queue = new PostgresMailQueue(ground, name);
        gauges.register(MailQueue.QUEUE_SIZE_METRIC_NAME_PREFIX + name.asString(), () -> size(queue));
        queues.put(name, queue);
        return queue;
    }

    /** The queues that were created here or hold mail. */
    @Override
    public Set<MailQueueName> listCreatedMailQueues() {
        Set<MailQueueName> names = new LinkedHashSet<>(queues.keySet());
        ground.rows().names().forEach(name -> names.add(MailQueueName.of(name)));
        return names;
    }

    /** Ends every subscription; what somebody still works on stays his until his lease is over, or this node starts again. */
    @Override
    public void close() {
        closing.countDown();
        queues.values().forEach(PostgresMailQueue::end);
        ground.scheduler().dispose();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("mail queue: work is left after {}; it is interrupted", CLOSING_MAX);
                threads.shutdownNow();
            }
        } catch (InterruptedException _) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void tend() {
        boolean failed = false;
        while (!isClosing()) {
            try {
                tendOnce();
                failed = false;
            } catch (StoreUnavailable | BlobsUnavailable e) {
                if (!failed) {
                    LOG.warn("mail queue: leases cannot be tended, trying on: {}", e.getMessage());
                }
                failed = true;
            } catch (RuntimeException e) {
                LOG.error("mail queue: leases cannot be tended, trying on", e);
            }
        }
    }

    private void tendOnce() {
        ground.leases().settleLate();
        Instant now = ground.clock().instant();
        if (!now.isBefore(nextRenewal)) {
            ground.leases().renew();
            nextRenewal = now.plus(ground.settings().lease().dividedBy(3));
        }
        List<String> names =
                queues.keySet().stream().map(MailQueueName::asString).toList();
        log(ground.rows().releaseExpired(names, now, ground.leases().inHand()));
        if (!now.isBefore(nextSweep)) {
            nextSweep = now.plus(SWEEP_EVERY);
            released.sweep();
        }
    }

    private boolean isClosing() {
        try {
            return closing.await(ground.settings().poll().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static void log(List<Held> held) {
        held.forEach(mail -> QueueItem.logHeld(mail.queue(), mail.name(), mail.because()));
    }

    /** For the gauge: -1 when PostgreSQL does not answer. */
    private static long size(PostgresMailQueue queue) {
        try {
            return queue.getSize();
        } catch (MailQueue.MailQueueException _) {
            return -1;
        }
    }
}
