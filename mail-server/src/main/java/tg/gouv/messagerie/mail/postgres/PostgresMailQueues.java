package tg.gouv.messagerie.mail.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;
import tg.gouv.messagerie.platform.settings.ByteSize;

/*
 * Threads, all virtual: one per subscriber (QueueSubscription), one that renews leases and writes late outcomes, one per reactive
 * enqueue. Nobody interrupts them: pgjdbc closes the socket of a virtual thread that is interrupted. All of them end in close().
 *
 * What may be lost without harm: a wake-up (every queue polls), the map of leases (they run out, and the next life of this node
 * takes them back at once).
 */
/** James's mail queues in PostgreSQL, schema {@code mail}, open until closed; several nodes may share them. */
public final class PostgresMailQueues implements MailQueueFactory<ManageableMailQueue>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresMailQueues.class);

    /** A lease is renewed this often within its time. */
    private static final int RENEWALS = 3;

    /** Mail that a clock which was put back keeps waiting is looked for this often. */
    private static final Duration MENDED_EVERY = Duration.ofSeconds(2);

    /** Longer than a statement may take. */
    private static final Duration CLOSING_MAX = Duration.ofSeconds(35);

    private final Ground ground;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("mail-queue-", 0).factory());
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<MailQueueName, PostgresMailQueue> queues = new ConcurrentHashMap<>();
    private long nextRenewal = System.nanoTime();
    private long nextMending = System.nanoTime();

    /**
     * The queues of a node, which at once takes up again what it worked on in its previous life.
     *
     * @param connections of the schema {@code mail}, brought up to date
     * @param node which node this is, the same after a restart; no two that run at once have the same
     * @throws StoreUnavailable if PostgreSQL does not answer
     */
    public PostgresMailQueues(
            Connections connections, Blobs blobs, Clock clock, Uuid7 ids, UUID node, QueueSettings settings) {
        Bodies bodies = new Bodies(connections, blobs, ids, clock);
        QueueRows rows = new QueueRows(connections, bodies, node, ids.next());
        this.ground = new Ground(
                connections,
                rows,
                new QueueLeases(rows, settings, clock, ids),
                bodies,
                clock,
                ids,
                settings,
                threads,
                Schedulers.fromExecutor(threads, true)); // whose workers are not interrupted
        rows.releaseFormerLives();
        threads.execute(this::tend);
    }

    /** What every queue stands on. */
    record Ground(
            Connections connections,
            QueueRows rows,
            QueueLeases leases,
            Bodies bodies,
            Clock clock,
            Uuid7 ids,
            QueueSettings settings,
            ExecutorService threads,
            Scheduler scheduler) {
        void start(QueueSubscription subscription) {
            threads.execute(subscription);
        }

        ByteSize memoryMax() {
            return settings.memoryMax();
        }
    }

    Ground ground() {
        return ground;
    }

    /** The queue of this name, if it was created here or holds mail. */
    @Override
    public Optional<ManageableMailQueue> getQueue(MailQueueName name, PrefetchCount count) {
        ManageableMailQueue open = queues.get(name);
        if (open == null && ground.rows().names().contains(name.asString())) {
            open = createQueue(name, count);
        }
        return Optional.ofNullable(open);
    }

    @Override
    public ManageableMailQueue createQueue(MailQueueName name, PrefetchCount count) {
        return queues.computeIfAbsent(name, _ -> new PostgresMailQueue(ground, name));
    }

    /** The queues that were created here or hold mail. */
    @Override
    public Set<MailQueueName> listCreatedMailQueues() {
        Set<MailQueueName> names = new LinkedHashSet<>(queues.keySet());
        ground.rows().names().forEach(name -> names.add(MailQueueName.of(name)));
        return names;
    }

    /**
     * Enqueues a mail in the transaction of the caller; it is taken after its commit.
     *
     * @param connection whose search path is the schema {@code mail}
     * @param mail with a body of at most 32 KB
     */
    public void enQueue(Connection connection, MailQueueName name, Mail mail)
            throws SQLException, MessagingException, IOException {
        queues.computeIfAbsent(name, _ -> new PostgresMailQueue(ground, name)).enQueue(connection, mail);
    }

    /**
     * Processes a mail of a queue. What James enqueues or puts aside meanwhile on this thread is written together with the removal of
     * the mail, when it is done; if it fails, it is forgotten.
     */
    public void process(Mail mail, Callable<?> processing) throws Exception {
        QueueItem item = ground.leases()
                .of(mail)
                .orElseThrow(() -> new IllegalStateException("the mail " + mail.getName() + " is of no queue here"));
        try {
            item.work().during(processing);
        } catch (Exception e) {
            item.work().forget();
            throw e;
        }
    }

    /** Has every queue look for what is due. */
    void wake() {
        queues.values().forEach(PostgresMailQueue::wake);
    }

    /** Claims nothing more; what is worked on may end. */
    public void end() {
        queues.values().forEach(PostgresMailQueue::end);
    }

    /** Claims nothing more, writes what became of mails, and gives back the others. */
    @Override
    public void close() {
        end();
        closing.countDown();
        ground.scheduler().dispose();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=queue-work-broken-off after={}", CLOSING_MAX);
                threads.shutdownNow();
            }
            ground.leases().settleLate();
            ground.rows().releaseAll();
        } catch (StoreUnavailable e) {
            LOG.warn("event=leases-left reason=\"{}\"", e.getMessage());
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
            } catch (StoreUnavailable e) {
                if (!failed) {
                    LOG.warn("event=leases-not-tended reason=\"{}\"", e.getMessage());
                }
                failed = true;
            } catch (RuntimeException e) {
                LOG.error("event=leases-not-tended", e);
            }
        }
    }

    private void tendOnce() {
        ground.leases().settleLate();
        long now = System.nanoTime(); // the clock may be put back
        if (now - nextRenewal >= 0) {
            ground.leases().renew();
            nextRenewal = now + ground.settings().lease().dividedBy(RENEWALS).toNanos();
        }
        if (now - nextMending >= 0) {
            ground.leases().mendTimes();
            nextMending = now + MENDED_EVERY.toNanos();
        }
    }

    private boolean isClosing() {
        try {
            return closing.await(ground.settings().poll().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            return true; // the program is being broken off
        }
    }
}
