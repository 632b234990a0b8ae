package tg.gouv.messagerie.mail.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueueItemDecoratorFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * A mail is a row; who works on it holds a lease on the row, which the claim commits together with the number of the attempt,
 * before any work: a mail that kills the program is tried a bounded number of times, then held. A lease is renewed while the mail is
 * worked on, and ends by itself when the node dies; a node that starts again ends those of its previous life at once.
 *
 * Claims skip rows that another claim has locked, so two nodes never wait for each other and never get the same mail.
 */
/** A mail queue of James in PostgreSQL. What was enqueued is durable: the program may be killed at any moment. */
final class PostgresMailQueue implements ManageableMailQueue {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresMailQueue.class);
    private static final OffsetDateTime NEVER = OffsetDateTime.of(9999, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    private static final int PAGE = 100;

    /** James's own wrapper of an item, by which it knows one. */
    private static final MailQueueItemDecoratorFactory DECORATOR = new RawMailQueueItemDecoratorFactory();

    private static final String CLAIM = """
            with next as (
                select id from queue_mail
                where queue = ? and held is null and due <= ? and (lease_until is null or lease_until < ?)
                order by priority desc, due, id limit 1 for update skip locked),
            q as (
                update queue_mail set lease_node = ?, lease_until = ?, attempts = attempts + 1
                from next where queue_mail.id = next.id returning queue_mail.*)
            select q.id as queue_id, q.attempts,
            """ + QueueRows.MAIL + "from q left join body b on b.id = q.body_id";

    private final MailQueueName name;
    private final Connections connections;
    private final Blobs blobs;
    private final Bodies bodies;
    private final QueueRows rows;
    private final Clock clock;
    private final Uuid7 ids;
    private final UUID node;
    private final QueueSettings settings;
    private final Scheduler scheduler;
    private final Semaphore wakeUp = new Semaphore(0);
    private final Set<UUID> inWork = ConcurrentHashMap.newKeySet();

    PostgresMailQueue(
            MailQueueName name,
            Connections connections,
            Blobs blobs,
            Clock clock,
            Uuid7 ids,
            UUID node,
            QueueSettings settings,
            Scheduler scheduler) {
        this.name = name;
        this.connections = connections;
        this.blobs = blobs;
        this.bodies = new Bodies(blobs, ids);
        this.rows = new QueueRows(bodies);
        this.clock = clock;
        this.ids = ids;
        this.node = node;
        this.settings = settings;
        this.scheduler = scheduler;
    }

    @Override
    public MailQueueName getName() {
        return name;
    }

    // Enqueuing.

    @Override
    public void enQueue(Mail mail) throws MailQueueException {
        enQueue(mail, Duration.ZERO);
    }

    @Override
    public Publisher<Void> enqueueReactive(Mail mail) {
        return Mono.<Void>fromCallable(() -> {
                    enQueue(mail);
                    return null;
                })
                .subscribeOn(scheduler);
    }

    /** Durable when this returns. */
    @Override
    public void enQueue(Mail mail, Duration delay) throws MailQueueException {
        QueueRows.Cut message;
        try {
            message = rows.cut(mail);
        } catch (IOException | MessagingException | BlobsUnavailable e) {
            throw new MailQueueException("the message could not be read or its body not be kept", e);
        }
        try {
            connections.<Integer, RuntimeException>autoCommit(c -> insert(c, mail, message, due(delay)));
        } catch (StoreUnavailable e) {
            forget(message.body(), e);
            throw new MailQueueException("the mail could not be queued: " + e.getMessage(), e);
        }
        wakeUp.release();
    }

    private int insert(Connection c, Mail mail, QueueRows.Cut message, OffsetDateTime due) throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        Collections.addAll(parameters, message.body().parameters());
        Collections.addAll(
                parameters,
                ids.next(),
                name.asString(),
                (short) QueueRows.priority(mail),
                due,
                now(),
                mail.getName(),
                QueueRows.sender(mail),
                QueueRows.recipients(mail),
                mail.getState(),
                mail.getErrorMessage(),
                mail.getRemoteHost(),
                mail.getRemoteAddr(),
                QueueRows.time(mail.getLastUpdated()),
                QueueRows.attributes(mail),
                QueueRows.headers(mail),
                message.hasMessage(),
                message.header(),
                message.body().id(),
                message.sizeBytes());
        return Sql.update(c, "with b as (" + StoredBody.INSERT + ") " + """
                insert into queue_mail(id, queue, priority, due, enqueued, name, sender, recipients, state, error_message,
                    remote_host, remote_addr, last_updated, attributes, recipient_headers, has_message, header, body_id, size_bytes)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?)
                """, parameters.toArray());
    }

    private OffsetDateTime due(Duration delay) {
        try {
            OffsetDateTime due = now().plus(delay);
            return due.isBefore(NEVER) ? due : NEVER;
        } catch (DateTimeException | ArithmeticException e) {
            return NEVER;
        }
    }

    // Dequeuing.

    /** Each mail is claimed when it is asked for; a thread of its own waits for the next one. */
    @Override
    public Publisher<MailQueueItem> deQueue() {
        return Flux.<MailQueueItem>generate(sink -> {
                    try {
                        sink.next(DECORATOR.decorate(next(), name));
                    } catch (InterruptedException e) {
                        sink.complete(); // nobody asks any more
                    }
                })
                .subscribeOn(scheduler);
    }

    private Item next() throws InterruptedException {
        while (true) {
            Optional<Item> claimed = Optional.empty();
            try {
                claimed = claim();
            } catch (StoreUnavailable e) {
                LOG.warn("event=queue-unavailable queue={} reason=\"{}\"", name.asString(), e.getMessage());
            }
            if (claimed.isPresent()) {
                return claimed.get();
            }
            wakeUp.tryAcquire(settings.poll().toMillis(), TimeUnit.MILLISECONDS);
            wakeUp.drainPermits();
        }
    }

    /** What a claim found: a mail to work on, or one that must wait for an administrator. */
    private record Claim(
            UUID id,
            int attempts,
            @Nullable Mail mail,
            @Nullable String unreadable) {}

    private Optional<Item> claim() {
        while (true) {
            OffsetDateTime now = now();
            Optional<Claim> found = connections.<Optional<Claim>, RuntimeException>autoCommit(
                    c -> Sql.first(c, this::read, CLAIM, name.asString(), now, now, node, now.plus(settings.lease())));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Claim claim = found.get();
            if (claim.unreadable() != null) {
                hold(claim.id(), claim.unreadable());
            } else if (claim.attempts() > settings.attemptsMax()) {
                hold(claim.id(), "tried " + settings.attemptsMax() + " times");
            } else {
                inWork.add(claim.id());
                return Optional.of(new Item(claim.id(), claim.attempts(), Objects.requireNonNull(claim.mail())));
            }
        }
    }

    private Claim read(ResultSet row) throws SQLException {
        UUID id = row.getObject("queue_id", UUID.class);
        int attempts = row.getInt("attempts");
        try {
            return new Claim(id, attempts, rows.mail(row), null);
        } catch (MessagingException | IOException | RuntimeException e) {
            return new Claim(id, attempts, null, "cannot be read: " + e);
        }
    }

    private void hold(UUID id, String reason) {
        LOG.error("event=mail-held queue={} id={} reason=\"{}\"", name.asString(), id, reason);
        connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c, "update queue_mail set held = ?, lease_node = null, lease_until = null where id = ?", reason, id));
    }

    /** A mail that is worked on. */
    private final class Item implements MailQueueItem {
        private final UUID id;
        private final int attempts;
        private final Mail mail;

        Item(UUID id, int attempts, Mail mail) {
            this.id = id;
            this.attempts = attempts;
            this.mail = mail;
        }

        @Override
        public Mail getMail() {
            return mail;
        }

        /** Durable when this returns. If PostgreSQL does not answer, the lease ends by itself and the mail is tried again. */
        @Override
        public void done(CompletionStatus status) throws MailQueueException {
            try {
                switch (status) {
                    case SUCCESS -> delete("id = ?", id);
                    case RETRY -> giveBack(settings.retryAfter(attempts));
                    case REJECT -> giveBack(Duration.ZERO);
                }
            } catch (StoreUnavailable e) {
                throw new MailQueueException("the queue does not answer: " + e.getMessage(), e);
            } finally {
                inWork.remove(id);
            }
        }

        private void giveBack(Duration wait) {
            connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                    c,
                    "update queue_mail set lease_node = null, lease_until = null, due = ? where id = ? and lease_node = ?",
                    now().plus(wait),
                    id,
                    node));
            wakeUp.release();
        }
    }

    /** Keeps what this node works on; asked for several times within each lease. */
    void renew() {
        UUID[] working = inWork.toArray(UUID[]::new);
        if (working.length > 0) {
            connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                    c,
                    "update queue_mail set lease_until = ? where id = any(?) and lease_node = ?",
                    now().plus(settings.lease()),
                    working,
                    node));
        }
    }

    // Managing.

    /** Mails of this queue in any state: waiting, worked on, held. */
    @Override
    public long getSize() throws MailQueueException {
        return asked(() -> connections
                .<Optional<Long>, RuntimeException>autoCommit(c -> Sql.first(
                        c, row -> row.getLong(1), "select count(*) from queue_mail where queue = ?", name.asString()))
                .orElse(0L));
    }

    /** Makes every delayed mail due now. */
    @Override
    public long flush() throws MailQueueException {
        long flushed = asked(() -> (long) connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c,
                "update queue_mail set due = ? where queue = ? and due > ? and held is null",
                now(),
                name.asString(),
                now())));
        wakeUp.release();
        return flushed;
    }

    @Override
    public long clear() throws MailQueueException {
        return asked(() -> delete("queue = ?", name.asString()));
    }

    @Override
    public long remove(Type type, String value) throws MailQueueException {
        return asked(() -> switch (type) {
            case Name -> delete("queue = ? and name = ?", name.asString(), value);
            case Sender -> delete("queue = ? and sender = ?", name.asString(), value);
            case Recipient -> delete("queue = ? and ? = any(recipients)", name.asString(), value);
        });
    }

    /**
     * Removes mails and their bodies.
     *
     * @return how many mails
     */
    private long delete(String which, Object... parameters) {
        // A body belongs to its mail; once mailboxes name the queue's bodies, this is the place to ask whether one
        // does.
        List<Optional<UUID>> removed = connections.<List<Optional<UUID>>, RuntimeException>autoCommit(c -> Sql.query(
                c,
                row -> Optional.ofNullable(row.getObject(1, UUID.class)),
                "with gone as (delete from queue_mail where " + which + " returning body_id) "
                        + "delete from body using gone where body.id = gone.body_id returning body.object",
                parameters));
        for (Optional<UUID> object : removed) {
            object.ifPresent(this::forget);
        }
        return removed.size();
    }

    /** Oldest first among the most urgent; no transaction is held while the caller looks. */
    @Override
    public MailQueueIterator browse() {
        return new Browsing();
    }

    private record Seen(UUID id, int priority, OffsetDateTime due, Mail mail) {}

    /** Pages of the queue, in the order of delivery. */
    private final class Browsing implements MailQueueIterator {
        private final List<Seen> page = new ArrayList<>();
        private int position;
        private boolean last;
        private @Nullable Seen previous;

        @Override
        public boolean hasNext() {
            if (position == page.size() && !last) {
                turn();
            }
            return position < page.size();
        }

        @Override
        public MailQueueItemView next() {
            if (!hasNext()) {
                throw new java.util.NoSuchElementException();
            }
            Seen seen = page.get(position++);
            previous = seen;
            return new DefaultMailQueueItemView(
                    seen.mail(),
                    Optional.of(seen.due()).filter(due -> due.isAfter(now())).map(OffsetDateTime::toZonedDateTime));
        }

        private void turn() {
            page.clear();
            position = 0;
            Seen from = previous;
            String after = from == null ? "" : "and (q.priority < ? or (q.priority = ? and (q.due, q.id) > (?, ?))) ";
            List<Object> parameters = new ArrayList<>(List.of(name.asString()));
            if (from != null) {
                Collections.addAll(parameters, (short) from.priority(), (short) from.priority(), from.due(), from.id());
            }
            parameters.add(PAGE);
            page.addAll(connections.<List<Seen>, RuntimeException>autoCommit(c -> Sql.query(
                    c,
                    this::read,
                    "select q.id as queue_id, q.priority, q.due, " + QueueRows.MAIL
                            + "from queue_mail q left join body b on b.id = q.body_id where q.queue = ? " + after
                            + "order by q.priority desc, q.due, q.id limit ?",
                    parameters.toArray())));
            last = page.size() < PAGE;
        }

        private Seen read(ResultSet row) throws SQLException {
            try {
                return new Seen(
                        row.getObject("queue_id", UUID.class),
                        row.getInt("priority"),
                        row.getObject("due", OffsetDateTime.class),
                        rows.mail(row));
            } catch (MessagingException | IOException | CorruptBlob e) {
                throw new SQLException("a queued mail cannot be read", e);
            }
        }

        @Override
        public void close() {
            // Nothing is held between two pages.
        }
    }

    @Override
    public void close() {
        wakeUp.release();
    }

    /** What can fail because PostgreSQL does not answer. */
    private interface Question<T> {
        T ask();
    }

    private static <T> T asked(Question<T> question) throws MailQueueException {
        try {
            return question.ask();
        } catch (StoreUnavailable e) {
            throw new MailQueueException("the queue does not answer: " + e.getMessage(), e);
        }
    }

    private void forget(StoredBody body, RuntimeException failure) {
        try {
            bodies.forget(body);
        } catch (BlobsUnavailable e) {
            failure.addSuppressed(e); // an object that no row names stays
        }
    }

    private void forget(UUID object) {
        try {
            blobs.delete(new BlobId(object));
        } catch (BlobsUnavailable e) {
            LOG.warn("event=object-left object={} reason=\"{}\"", object, e.getMessage());
        }
    }

    private OffsetDateTime now() {
        // As precise as PostgreSQL, so that what is read is what was written.
        return Instant.ofEpochMilli(clock.millis()).atOffset(ZoneOffset.UTC);
    }
}
