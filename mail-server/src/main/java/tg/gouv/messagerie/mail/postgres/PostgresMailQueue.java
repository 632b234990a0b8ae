package tg.gouv.messagerie.mail.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.mailet.Mail;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.AfterCommit;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/**
 * A mail queue of James in PostgreSQL.
 *
 * <p>A mail that was enqueued is durable. It is taken by the highest priority, then the time for which it is due; by one at a time,
 * and again if whoever took it vanished. Any thread that may block may call; the reactive methods block none of the caller's.
 */
final class PostgresMailQueue implements ManageableMailQueue {
    /** James's own wrapper of an item, by which it knows one. */
    private static final RawMailQueueItemDecoratorFactory DECORATOR = new RawMailQueueItemDecoratorFactory();

    /** Beyond it a delay means never; PostgreSQL's calendar ends in 294276. */
    private static final Duration DELAY_MAX = Duration.ofDays(365_000);

    /** One transaction's worth of removals. */
    private static final int REMOVED_AT_ONCE = 1_000;

    private final PostgresMailQueues.Ground ground;
    private final MailQueueName name;
    private final Set<QueueSubscription> subscriptions = ConcurrentHashMap.newKeySet();

    PostgresMailQueue(PostgresMailQueues.Ground ground, MailQueueName name) {
        this.ground = ground;
        this.name = name;
    }

    @Override
    public MailQueueName getName() {
        return name;
    }

    @Override
    public void enQueue(Mail mail) throws MailQueueException {
        enQueue(mail, Duration.ZERO);
    }

    /**
     * Stores the mail, durable when this returns, and due when the delay is over. While a mail of a queue is processed on this thread,
     * it is written together with the end of that work instead ({@link Work}).
     */
    @Override
    public void enQueue(Mail mail, Duration delay) throws MailQueueException {
        Optional<Work> work = Work.current();
        try {
            if (work.isPresent()) {
                QueueItem origin = work.get().item();
                if (origin.hops() >= ground.settings().hopsMax()) {
                    throw new MessagingException("it loops: one mail brought forth another too often");
                }
                MailEnvelope envelope = MailEnvelope.of(mail).withHops(origin.hops() + 1);
                QueueRows.New row = row(mail, envelope, delay, content(mail, Optional.of(origin)));
                work.get().add(c -> QueueRows.insert(c, row), this::wake);
            } else if (!ground.leases()
                    .of(mail)
                    .filter(item -> item.hearsFailure(mail))
                    .isPresent()) {
                store(mail, delay);
                wake();
            }
        } catch (StoreUnavailable | BlobsUnavailable | MessagingException | IOException e) {
            work.ifPresent(each -> each.failed(e));
            throw new MailQueueException("the mail " + mail.getName() + " cannot be queued: " + e.getMessage(), e);
        }
    }

    /** Stores the mail in the transaction of the caller, whose body is small; it is due at once. */
    void enQueue(Connection connection, Mail mail) throws SQLException, MessagingException, IOException {
        MailContent content = content(mail, Optional.empty());
        QueueRows.insert(connection, row(mail, MailEnvelope.of(mail), Duration.ZERO, content));
        AfterCommit.run(this::wake);
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

    private void store(Mail mail, Duration delay) throws MessagingException, IOException {
        Optional<QueueItem> origin = ground.leases().of(mail);
        MailContent content = content(mail, origin);
        try {
            insert(row(mail, MailEnvelope.of(mail), delay, content));
        } catch (StoreUnavailable e) {
            if (content.made() != null || !QueueRows.isForeignKeyViolated(e)) {
                throw e;
            }
            // The mail it came from was removed meanwhile, and its body with it.
            insert(row(
                    mail,
                    MailEnvelope.of(mail),
                    delay,
                    MailContent.anew(mail.getMessage(), ground.bodies(), ground.memoryMax())));
        }
    }

    private void insert(QueueRows.New row) {
        try {
            ground.rows().insert(row);
        } catch (StoreUnavailable e) {
            if (!e.worthRetrying()) { // else the row may be there: the connection may have been lost after the commit
                row.content().forget(ground.bodies());
            }
            throw e;
        }
    }

    private MailContent content(Mail mail, Optional<QueueItem> origin) throws MessagingException, IOException {
        return MailContent.of(
                mail,
                ground.bodies(),
                origin.flatMap(item -> Optional.ofNullable(item.row().content().stored())),
                ground.memoryMax());
    }

    private QueueRows.New row(Mail mail, MailEnvelope envelope, Duration delay, MailContent content) {
        Instant now = now();
        Instant due = delay.isNegative() ? now : now.plus(delay.compareTo(DELAY_MAX) < 0 ? delay : DELAY_MAX);
        UUID parent = Work.current().map(work -> work.item().id()).orElse(null);
        return new QueueRows.New(
                ground.ids().next(), label(), priority(mail), due, now, envelope, content, Arrival.of(mail, parent));
    }

    /** The priority that a mail asks for, 0 to 9, or James's usual one. */
    private static int priority(Mail mail) {
        int priority = mail.getAttribute(MailPrioritySupport.MAIL_PRIORITY)
                .flatMap(attribute -> attribute.getValue().valueAs(Integer.class))
                .orElse(MailPrioritySupport.NORMAL_PRIORITY);
        return Math.clamp(priority, MailPrioritySupport.LOW_PRIORITY, MailPrioritySupport.HIGH_PRIORITY);
    }

    /** Whoever subscribes gets the mails he demands, as they become due, until he cancels or the queues close. */
    @Override
    public Publisher<MailQueueItem> deQueue() {
        return Flux.from(subscriber -> {
            QueueSubscription subscription = new QueueSubscription(
                    this, ground.rows(), ground.leases(), ground.settings(), ground.clock(), subscriber);
            subscriptions.add(subscription);
            subscriber.onSubscribe(subscription);
            ground.start(subscription);
        });
    }

    /** Mails of this queue in any state: waiting, delayed, worked on. */
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

    /** Every mail, in the order in which they are taken. */
    @Override
    public MailQueueIterator browse() {
        return new QueueBrowsing(ground.rows(), label(), now());
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

    MailQueueItem decorated(QueueItem item) {
        return DECORATOR.decorate(item, name);
    }

    private static long repeated(IntSupplier some) throws MailQueueException {
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

    private static long asked(Supplier<? extends Number> question) throws MailQueueException {
        try {
            return question.get().longValue();
        } catch (StoreUnavailable e) {
            throw new MailQueueException("the mail queue does not answer: " + e.getMessage(), e);
        }
    }

    private Instant now() {
        return ground.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }
}
