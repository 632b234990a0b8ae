package tg.gouv.messagerie.mail.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import javax.mail.MessagingException;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.TimeMetric;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.mailet.Mail;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/**
 * A mail queue in PostgreSQL.
 *
 * <p>A mail that was enqueued is durable. It is taken by the smallest delay, the highest priority, then in order of arrival; by one
 * at a time, and again if whoever took it vanished. Any thread that may block may call; the reactive methods block none of the
 * caller's.
 */
public final class PostgresMailQueue implements ManageableMailQueue {
    /** Beyond it a delay means never; PostgreSQL's calendar ends in 294276. */
    private static final Duration DELAY_MAX = Duration.ofDays(365_000);

    /** One transaction's worth of removals. */
    private static final int REMOVED_AT_ONCE = 1_000;

    private final PostgresMailQueues.Ground ground;
    private final MailQueueName name;
    private final Metric enqueued;
    private final Metric dequeued;
    private final Set<QueueSubscription> subscriptions = ConcurrentHashMap.newKeySet();

    PostgresMailQueue(PostgresMailQueues.Ground ground, MailQueueName name) {
        this.ground = ground;
        this.name = name;
        this.enqueued = ground.metrics().generate(ENQUEUED_METRIC_NAME_PREFIX + name.asString());
        this.dequeued = ground.metrics().generate(DEQUEUED_METRIC_NAME_PREFIX + name.asString());
    }

    @Override
    public MailQueueName getName() {
        return name;
    }

    @Override
    public void enQueue(Mail mail) throws MailQueueException {
        enQueue(mail, Duration.ZERO);
    }

    /** Stores the mail; it is durable when this returns, and due when the delay is over. */
    @Override
    public void enQueue(Mail mail, Duration delay) throws MailQueueException {
        TimeMetric timer = ground.metrics().timer(ENQUEUED_TIMER_METRIC_NAME_PREFIX + name.asString());
        try {
            store(mail, delay);
        } catch (StoreUnavailable | BlobsUnavailable e) {
            throw new MailQueueException("The mail queue does not answer", e);
        } catch (MessagingException | IOException e) {
            throw new MailQueueException("The mail " + mail.getName() + " cannot be enqueued: " + e.getMessage(), e);
        } finally {
            timer.stopAndPublish();
        }
        enqueued.increment();
        wake();
    }

    @Override
    public Publisher<Void> enqueueReactive(Mail mail) {
        return Mono.fromCallable(() -> {
                    enQueue(mail);
                    return name;
                })
                .subscribeOn(ground.scheduler())
                .then();
    }

    @Override
    public Publisher<MailQueueItem> deQueue() {
        return Flux.from(subscriber -> {
            QueueSubscription subscription = new QueueSubscription(
                    this, ground.rows(), ground.leases(), ground.settings().poll(), ground.clock(), subscriber);
            subscriptions.add(subscription);
            subscriber.onSubscribe(subscription);
            ground.start(subscription);
        });
    }

    @Override
    public long getSize() throws MailQueueException {
        return asked(() -> ground.rows().size(label()));
    }

    @Override
    public Publisher<Long> getSizeReactive() {
        return Mono.fromCallable(this::getSize).subscribeOn(ground.scheduler());
    }

    /** Makes every delayed mail due now; returns how many. */
    @Override
    public long flush() throws MailQueueException {
        long flushed = asked(() -> ground.rows().flush(label(), now()));
        wake();
        return flushed;
    }

    /** Removes every mail, even one that somebody works on; returns how many. */
    @Override
    public long clear() throws MailQueueException {
        return repeated(() -> ground.rows().clear(label(), now(), REMOVED_AT_ONCE));
    }

    /** Removes the mails that match, even one that somebody works on; returns how many. */
    @Override
    public long remove(Type type, String value) throws MailQueueException {
        return repeated(() -> ground.rows().remove(label(), type, value, now(), REMOVED_AT_ONCE));
    }

    /** Every mail, in the order in which they are taken; each is a {@link QueueItemView}. */
    @Override
    public MailQueueIterator browse() {
        return new QueueBrowsing(ground.rows(), label(), now());
    }

    /** Lets held mails be tried again, as if for the first time; returns how many. */
    public long resume() throws MailQueueException {
        long resumed = asked(() -> ground.rows().resume(label(), now()));
        wake();
        return resumed;
    }

    /** How many mails it holds, by what they wait for. */
    public QueueCounts counts() throws MailQueueException {
        return asked(() -> ground.rows().counts(label(), now()));
    }

    /** Does nothing: the queue is open as long as {@link PostgresMailQueues} is. */
    @Override
    public void close() {
        // others may have the same queue
    }

    @Override
    public String toString() {
        return "mail queue " + label();
    }

    String label() {
        return name.asString();
    }

    void wake() {
        subscriptions.forEach(QueueSubscription::wake);
    }

    void end() {
        subscriptions.forEach(QueueSubscription::end);
    }

    void left(QueueSubscription subscription) {
        subscriptions.remove(subscription);
    }

    void handing() {
        dequeued.increment();
    }

    MailQueueItem decorated(QueueItem item) {
        return ground.decorators().decorate(item, name);
    }

    private void store(Mail mail, Duration delay) throws MessagingException, IOException {
        QueueContent content = QueueContent.of(mail, ground.bodies());
        try {
            insert(mail, delay, content);
        } catch (StoreUnavailable e) {
            if (content.made() != null || !isForeignKeyViolated(e)) {
                throw e;
            }
            // The mail it came from was removed meanwhile, and its body with it.
            insert(mail, delay, QueueContent.anew(mail, ground.bodies()));
        }
    }

    private void insert(Mail mail, Duration delay, QueueContent content) {
        Instant now = now();
        Instant due = delay.isNegative() ? now : now.plus(delay.compareTo(DELAY_MAX) < 0 ? delay : DELAY_MAX);
        try {
            ground.rows()
                    .insert(
                            ground.ids().next(),
                            label(),
                            rank(mail),
                            due.truncatedTo(ChronoUnit.MICROS),
                            now,
                            QueueEnvelope.of(mail),
                            content);
        } catch (StoreUnavailable e) {
            if (!e.worthRetrying()) { // otherwise the row may be there: the connection may have been lost after the
                // commit
                content.forget(ground.bodies());
            }
            throw e;
        }
    }

    private static int rank(Mail mail) {
        int priority = mail.getAttribute(MailPrioritySupport.MAIL_PRIORITY)
                .flatMap(attribute -> attribute.getValue().valueAs(Integer.class))
                .orElse(MailPrioritySupport.NORMAL_PRIORITY);
        return MailPrioritySupport.HIGH_PRIORITY
                - Math.clamp(priority, MailPrioritySupport.LOW_PRIORITY, MailPrioritySupport.HIGH_PRIORITY);
    }

    private static boolean isForeignKeyViolated(StoreUnavailable e) {
        return e.getCause() instanceof SQLException sql && "23503".equals(sql.getSQLState());
    }

    private long repeated(IntSupplier some) throws MailQueueException {
        return asked(() -> {
            long total = 0;
            int last;
            do {
                last = some.getAsInt();
                total += last;
            } while (last == REMOVED_AT_ONCE);
            return total;
        });
    }

    private static <T> T asked(java.util.function.Supplier<T> question) throws MailQueueException {
        try {
            return question.get();
        } catch (StoreUnavailable e) {
            throw new MailQueueException("The mail queue does not answer", e);
        }
    }

    private Instant now() {
        return ground.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }
}
