package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.transfer.outgoing.Destination;
import tg.gouv.messagerie.mail.transfer.outgoing.Diagnosis;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingFigures;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingMail;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingStore;
import tg.gouv.messagerie.mail.transfer.outgoing.Settlement;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * Enqueued once: the rows are committed together with rows (mail, recipient) of delivered, as a delivery to a mailbox is, while our
 * life of the program holds the lease of the queued mail. A repetition after a crash finds them and enqueues nothing.
 *
 * A claim moves due to the end of its lease, so that whoever looks for what is due sees nothing of it until then, and gives it a name
 * of its own. What became of a recipient is written only while that name is on the row. A life never takes over from itself.
 *
 * Order of locks: outgoing_mail, then outgoing_recipient by (mail_id, recipient), then outgoing_destination, then bodies.
 */
/** Mail to other servers in PostgreSQL, schema {@code mail}. */
public final class PostgresOutgoing implements OutgoingStore {
    private static final Session SESSION = Session.getInstance(new Properties());

    private static final int SETTLE_ATTEMPTS = 3;

    /** One transaction's worth: short locks. */
    private static final int SWEPT_AT_ONCE = 500;

    private static final String NO_LEASE = "lease = null, lease_node = null, lease_life = null";

    /** The rows of {@link #ordered}. */
    private static final String THEIRS = " from l where r.mail_id = l.mail_id and r.recipient = l.recipient";

    private final PostgresMailQueues.Ground ground;
    private final PostgresMailQueue spool;
    private final Connections connections;
    private final Clock clock;
    private final UUID node;
    private final UUID life;
    private final List<Runnable> wakes = new CopyOnWriteArrayList<>();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /**
     * Mail that leaves these queues.
     *
     * @param connections of the schema {@code mail}
     * @param node which node this is, the same after a restart; no two that run at once have the same
     */
    public PostgresOutgoing(PostgresMailQueues queues, Connections connections, UUID node) {
        this.ground = queues.ground();
        this.spool = (PostgresMailQueue) queues.createQueue(MailQueueFactory.SPOOL, MailQueueFactory.prefetchCount(1));
        this.connections = connections;
        this.clock = ground.clock();
        this.node = node;
        this.life = ground.ids().next();
    }

    // Enqueuing

    /**
     * Enqueues a queued mail for all of its recipients, once for each of them: when this returns they are durable here, now or since an
     * earlier time.
     *
     * @param mail one that a queue of this program handed out, or that James split off it, of which all recipients are outside
     * @param domain the destination of a recipient, in lower case and ASCII
     * @throws MessagingException if it could not be enqueued; nothing was written
     */
    public void enqueue(Mail mail, Function<MailAddress, String> domain) throws MessagingException {
        QueueItem item = ground.leases()
                .of(mail)
                .orElseThrow(() -> new IllegalStateException("the mail " + mail.getName() + " is of no queue here"));
        try {
            MailContent content = MailContent.of(
                    mail,
                    ground.bodies(),
                    Optional.ofNullable(item.row().content().stored()),
                    ground.memoryMax());
            if (!content.hasMessage()) {
                throw new MessagingException("the mail has no message");
            }
            long written = 0;
            try {
                written = insert(mail, item, content, domain);
            } finally {
                if (written == 0) {
                    content.forget(ground.bodies());
                }
            }
            if (written > 0) {
                wake();
            }
        } catch (StoreUnavailable | IOException e) {
            throw new MessagingException("the mail cannot be queued for other servers", e);
        }
    }

    private long insert(Mail mail, QueueItem item, MailContent content, Function<MailAddress, String> domain) {
        List<MailAddress> to = List.copyOf(new LinkedHashSet<>(mail.getRecipients()));
        String[] keys = to.stream().map(PostgresOutgoing::key).toArray(String[]::new);
        StoredBody made = content.made();
        String body = made == null ? "" : "b as (" + StoredBody.INSERT_SELECT + " where exists (select from d)),";
        @Nullable Object[] beginning = {keys, item.id(), item.lease()};
        @Nullable
        Object[] rest = {
            ground.ids().next(),
            EscapedText.column(mail.getName()),
            mail.getMaybeSender().asOptional().map(MailEnvelope::column).orElse(""),
            QueueRows.at(now()),
            content.header(),
            content.bodyId(),
            content.sizeBytes(),
            item.id(),
            keys,
            to.stream().map(MailEnvelope::column).toArray(String[]::new),
            to.stream().map(domain).map(EscapedText::column).toArray(String[]::new)
        };
        @Nullable
        Object[] all =
                QueueRows.together(made == null ? beginning : QueueRows.together(beginning, made.parameters()), rest);
        return ground.connections()
                .<Long, RuntimeException>autoCommit(c -> Sql.first(c, row -> row.getLong(1), """
            with d as (
                insert into delivered(queue_id, recipient)
                select q.id, t.key from queue_mail q cross join unnest(?::text[]) as t(key) where q.id = ? and q.lease = ?
                on conflict do nothing returning recipient),
            %s m as (
                insert into outgoing_mail(id, name, sender, enqueued, header, body_id, size_bytes, queue_id)
                select ?::uuid, ?::text, ?::text, ?::timestamptz, ?::bytea, ?::uuid, ?::bigint, ?::uuid
                where exists (select from d) returning id, enqueued, queue_id),
            r as (
                insert into outgoing_recipient(mail_id, recipient, destination, enqueued, due)
                select m.id, t.recipient, t.destination, m.enqueued, m.enqueued
                from unnest(?::text[], ?::text[], ?::text[]) as t(key, recipient, destination)
                join d on d.recipient = t.key cross join m
                order by t.recipient returning recipient, destination),
            traced as (
                insert into trace_outcome(queue_id, at, recipient, outcome, detail)
                select m.queue_id, m.enqueued, r.recipient, 'outgoing', r.destination from r cross join m)
            select count(*) from d
            """.formatted(body), all)
                        .orElseThrow());
    }

    /** As {@link Deliveries} writes it, so that a mail that is put aside leaves these recipients out. */
    private static String key(MailAddress recipient) {
        return MailEnvelope.column(recipient).toLowerCase(Locale.ROOT);
    }

    @Override
    public void onArrival(Runnable wake) {
        wakes.add(wake);
    }

    void wake() {
        wakes.forEach(Runnable::run);
    }

    // Working

    @Override
    public List<Ready> ready(Instant now, Collection<Destination> except, int most) {
        return connections.<List<Ready>, RuntimeException>autoCommit(c -> Sql.query(
                c,
                row -> new Ready(new Destination(row.getString(1)), row.getInt(2)),
                """
                with recursive known as (
                    (select destination from outgoing_recipient where state = 'waiting' order by destination limit 1)
                    union all
                    select (select r.destination from outgoing_recipient r
                        where r.state = 'waiting' and r.destination > known.destination order by r.destination limit 1)
                    from known where known.destination is not null)
                select known.destination, coalesce(o.failures, 0) from known
                cross join lateral (
                    select due from outgoing_recipient r
                    where r.state = 'waiting' and r.destination = known.destination order by due limit 1) earliest
                left join outgoing_destination o on o.domain = known.destination
                where known.destination is not null and earliest.due <= ? and known.destination <> all (?::text[])
                    and (o.not_before is null or o.not_before <= ?)
                order by o.domain is not null, earliest.due limit ?""",
                QueueRows.at(now),
                except.stream().map(Destination::domain).toArray(String[]::new),
                QueueRows.at(now),
                most));
    }

    @Override
    public List<Ready> readyForRelay(Instant now) {
        return connections.<List<Ready>, RuntimeException>autoCommit(c -> Sql.query(
                c, row -> new Ready(Destination.RELAY, row.getInt(1)), """
                select coalesce((select failures from outgoing_destination where domain = ''), 0)
                where exists (select from outgoing_recipient where state = 'waiting' and due <= ?)
                    and not exists (select from outgoing_destination where domain = '' and not_before > ?)""", QueueRows.at(now), QueueRows.at(now)));
    }

    @Override
    public List<OutgoingMail> claim(Destination destination, int most, UUID lease, Instant now, Instant until) {
        return claimed("due <= ?", destination, most, lease, until, QueueRows.at(now));
    }

    @Override
    public List<OutgoingMail> claimOverdue(
            Destination destination,
            int most,
            UUID lease,
            Instant warnBefore,
            Instant giveUpBefore,
            Instant now,
            Instant until) {
        return claimed(
                "(enqueued <= ? or (enqueued <= ? and not warned)) and (lease is null or due <= ?)",
                destination,
                most,
                lease,
                until,
                QueueRows.at(giveUpBefore),
                QueueRows.at(warnBefore),
                QueueRows.at(now));
    }

    private List<OutgoingMail> claimed(
            String which, Destination destination, int most, UUID lease, Instant until, Object... parameters) {
        String sql = """
                with next as materialized (
                    select mail_id, recipient from outgoing_recipient
                    where state = 'waiting' %s and %s and lease_life is distinct from ?
                    order by due limit ? for update skip locked)
                update outgoing_recipient r set lease = ?, lease_node = ?, lease_life = ?, due = ?
                from next where r.mail_id = next.mail_id and r.recipient = next.recipient
                returning r.mail_id, r.recipient, r.enqueued, r.attempts, r.warned
                """.formatted(destination.isRelay() ? "" : "and destination = ?", which);
        @Nullable
        Object[] first = destination.isRelay()
                ? parameters
                : QueueRows.together(new Object[] {destination.domain()}, parameters);
        @Nullable
        Object[] all = QueueRows.together(first, new Object[] {life, most, lease, node, life, QueueRows.at(until)});
        return connections.<List<OutgoingMail>, RuntimeException>transaction(c -> {
            List<Claimed> rows = Sql.query(c, Claimed::read, sql, all);
            return rows.isEmpty() ? List.of() : mails(c, rows);
        });
    }

    private record Claimed(UUID mail, OutgoingMail.Recipient recipient) {
        static Claimed read(ResultSet row) throws SQLException {
            return new Claimed(
                    row.getObject("mail_id", UUID.class),
                    new OutgoingMail.Recipient(
                            EscapedText.text(row.getString("recipient")),
                            row.getObject("enqueued", OffsetDateTime.class).toInstant(),
                            row.getInt("attempts"),
                            row.getBoolean("warned")));
        }
    }

    private List<OutgoingMail> mails(Connection c, List<Claimed> rows) throws SQLException {
        UUID[] ids = rows.stream().map(Claimed::mail).distinct().toArray(UUID[]::new);
        return Sql.query(
                c,
                row -> {
                    UUID id = row.getObject("id", UUID.class);
                    return new OutgoingMail(
                            id,
                            EscapedText.text(row.getString("name")),
                            EscapedText.text(row.getString("sender")),
                            row.getObject("enqueued", OffsetDateTime.class).toInstant(),
                            StoredOctets.read(row, ground.bodies()),
                            rows.stream()
                                    .filter(each -> each.mail().equals(id))
                                    .map(Claimed::recipient)
                                    .toList());
                },
                "select m.id, m.name, m.sender, m.enqueued, m.header, m.body_id, b.size_bytes as body_bytes, b.sha256,"
                        + " b.bytes, b.object from outgoing_mail m join body b on b.id = m.body_id"
                        + " where m.id = any (?) order by m.enqueued, m.id",
                (Object) ids);
    }

    @Override
    public boolean settle(Settlement settlement, Instant now) {
        List<QueueRows.New> reports = reports(settlement, now);
        Settled settled = new Settled(Set.of(), false);
        boolean perhapsWritten = false;
        try {
            settled = settled(settlement, reports, now);
        } catch (StoreUnavailable e) {
            perhapsWritten = e.worthRetrying(); // the connection may have been lost after the commit
            throw e;
        } finally {
            if (!settled.reported() && !perhapsWritten) {
                reports.forEach(each -> each.content().forget(ground.bodies()));
            }
        }
        delivered.addAndGet(settlement.delivered().stream()
                .map(Settlement.Taken::recipient)
                .filter(settled.ours()::contains)
                .count());
        failed.addAndGet((long) settlement.failed().size() + settlement.dead().size());
        if (settled.reported()) {
            spool.wake();
        }
        return settled.ours().containsAll(settlement.recipients());
    }

    /**
     * What was written.
     *
     * @param ours the recipients that the claim held still
     */
    private record Settled(Set<String> ours, boolean reported) {}

    private Settled settled(Settlement settlement, List<QueueRows.New> reports, Instant now) {
        for (int left = SETTLE_ATTEMPTS; ; left--) {
            try {
                return connections.<Settled, RuntimeException>transaction(c -> settle(c, settlement, reports, now));
            } catch (StoreUnavailable e) {
                if (left == 1 || !QueueRows.isForeignKeyViolated(e)) {
                    throw e;
                }
                // somebody named the body after this statement had looked; the next one sees it
            }
        }
    }

    private static Settled settle(Connection c, Settlement settlement, List<QueueRows.New> reports, Instant now)
            throws SQLException {
        UUID mail = settlement.mail();
        Optional<UUID> queueId = Sql.first(
                        c,
                        row -> Optional.ofNullable(row.getObject(1, UUID.class)),
                        "select queue_id from outgoing_mail where id = ? for update",
                        mail)
                .flatMap(Function.identity());
        Set<String> ours = new HashSet<>(Sql.query(
                c,
                row -> EscapedText.text(row.getString(1)),
                "select recipient from outgoing_recipient where mail_id = ? and lease = ? order by recipient for update",
                mail,
                settlement.lease()));
        Set<String> gone = new HashSet<>();
        settlement.delivered().forEach(each -> gone.add(each.recipient()));
        settlement.failed().forEach(each -> gone.add(each.recipient()));
        gone.retainAll(ours);
        for (Settlement.Deferred each : settlement.deferred()) {
            if (ours.contains(each.recipient())) {
                tell(c, settlement, each.recipient(), "state", each.why(), each.due(), each.warned(), now);
            }
        }
        for (Settlement.Failed each : settlement.dead()) {
            if (ours.contains(each.recipient())) {
                tell(c, settlement, each.recipient(), "'dead'", each.why(), now, false, now);
            }
        }
        boolean reported = !reports.isEmpty() && concernsOurs(settlement, ours);
        if (reported) {
            for (QueueRows.New report : reports) {
                QueueRows.insert(c, queueId.map(report::broughtForthBy).orElse(report));
            }
        }
        if (queueId.isPresent()) {
            trace(c, queueId.get(), settlement, ours, now);
        }
        if (!gone.isEmpty()) {
            remove(c, mail, gone, now);
        }
        return new Settled(ours, reported);
    }

    /** One step for each recipient. */
    private static void trace(Connection c, UUID queueId, Settlement settlement, Set<String> ours, Instant now)
            throws SQLException {
        List<Step> steps = new ArrayList<>();
        settlement
                .delivered()
                .forEach(each -> steps.add(new Step(each.recipient(), "outgoing_delivered", each.reply())));
        settlement
                .deferred()
                .forEach(each -> steps.add(new Step(
                        each.recipient(), "outgoing_deferred", each.why().toString())));
        settlement
                .failed()
                .forEach(each -> steps.add(
                        new Step(each.recipient(), "outgoing_failed", each.why().toString())));
        settlement
                .dead()
                .forEach(each -> steps.add(
                        new Step(each.recipient(), "outgoing_dead", each.why().toString())));
        steps.removeIf(step -> !ours.contains(step.recipient()));
        Sql.update(
                c,
                "insert into trace_outcome(queue_id, at, recipient, outcome, detail)"
                        + " select ?, ?, t.recipient, t.outcome, left(t.detail, 500)"
                        + " from unnest(?::text[], ?::text[], ?::text[]) as t(recipient, outcome, detail)",
                queueId,
                QueueRows.at(now),
                steps.stream().map(step -> EscapedText.column(step.recipient())).toArray(String[]::new),
                steps.stream().map(Step::outcome).toArray(String[]::new),
                steps.stream().map(step -> EscapedText.column(step.detail())).toArray(String[]::new));
    }

    private record Step(String recipient, String outcome, String detail) {}

    private static boolean concernsOurs(Settlement settlement, Set<String> ours) {
        return settlement.failed().stream().anyMatch(each -> ours.contains(each.recipient()))
                || settlement.deferred().stream().anyMatch(each -> ours.contains(each.recipient()));
    }

    private static void tell(
            Connection c,
            Settlement settlement,
            String recipient,
            String state,
            Diagnosis why,
            Instant due,
            boolean warned,
            Instant now)
            throws SQLException {
        Sql.update(
                c,
                "update outgoing_recipient set state = " + state + ", attempts = attempts + 1, due = ?,"
                        + " warned = warned or ?, tried = ?, status = ?, reply = ?, host = ?, " + NO_LEASE
                        + " where mail_id = ? and recipient = ?",
                QueueRows.at(due),
                warned,
                QueueRows.at(now),
                why.status(),
                EscapedText.column(why.text()),
                why.host().map(EscapedText::column).orElse(null),
                settlement.mail(),
                EscapedText.column(recipient));
    }

    /** Removes recipients of a message, and the message with the last of them; the caller has the lock of the message. */
    static int remove(Connection c, UUID mail, Collection<String> recipients, Instant now) throws SQLException {
        int removed = Sql.update(
                c,
                "delete from outgoing_recipient where mail_id = ? and recipient = any (?)",
                mail,
                recipients.stream().map(EscapedText::column).toArray(String[]::new));
        Sql.query(
                c,
                row -> 1,
                "with gone as (delete from outgoing_mail where id = ?"
                        + " and not exists (select from outgoing_recipient where mail_id = ?) returning id, body_id), "
                        + QueueRows.RELEASE + " select count(*) from gone",
                mail,
                mail,
                QueueRows.at(now));
        return removed;
    }

    private List<QueueRows.New> reports(Settlement settlement, Instant now) {
        List<QueueRows.New> rows = new ArrayList<>();
        try {
            for (Settlement.Report report : settlement.reports()) {
                MailImpl mail = MailImpl.builder()
                        .name(MailImpl.getId())
                        .sender(MailAddress.nullSender()) // RFC 5321 section 4.5.5
                        .addRecipient(report.to())
                        .build();
                rows.add(new QueueRows.New(
                        ground.ids().next(),
                        spool.label(),
                        MailPrioritySupport.NORMAL_PRIORITY,
                        now,
                        now,
                        MailEnvelope.of(mail),
                        MailContent.anew(
                                new MimeMessage(SESSION, new ByteArrayInputStream(report.octets())),
                                ground.bodies(),
                                ground.memoryMax()),
                        Arrival.OF_PROGRAM));
            }
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException("a report that we wrote", e);
        }
        return rows;
    }

    @Override
    public void giveBack(UUID lease, Instant due) {
        connections.<Integer, RuntimeException>autoCommit(c ->
                Sql.update(c, ordered("lease = ?") + " set due = ?, " + NO_LEASE + THEIRS, lease, QueueRows.at(due)));
        wake();
    }

    @Override
    public void renew(Collection<UUID> leases, Instant until) {
        if (!leases.isEmpty()) {
            connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                    c,
                    ordered("lease = any (?)") + " set due = ?" + THEIRS,
                    leases.toArray(UUID[]::new),
                    QueueRows.at(until)));
        }
    }

    @Override
    public void releaseFormerLives() {
        connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c,
                ordered("lease is not null and lease_node = ? and lease_life <> ?") + " set due = ?, " + NO_LEASE
                        + THEIRS,
                node,
                life,
                QueueRows.at(now())));
    }

    @Override
    public void releaseAll() {
        connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c,
                ordered("lease is not null and lease_life = ?") + " set due = ?, " + NO_LEASE + THEIRS,
                life,
                QueueRows.at(now())));
    }

    /** The rows, locked in the one order of locks. */
    private static String ordered(String which) {
        return "with l as materialized (select mail_id, recipient from outgoing_recipient where " + which
                + " order by mail_id, recipient for update) update outgoing_recipient r";
    }

    @Override
    public void unreachable(Destination destination, int failures, Diagnosis why, Instant now, Instant notBefore) {
        connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c,
                "insert into outgoing_destination(domain, failures, not_before, since, status, reply)"
                        + " values (?, ?, ?, ?, ?, ?) on conflict (domain) do update set"
                        + " failures = greatest(outgoing_destination.failures, excluded.failures),"
                        + " not_before = excluded.not_before,"
                        + " status = excluded.status, reply = excluded.reply",
                destination.domain(),
                failures,
                QueueRows.at(notBefore),
                QueueRows.at(now),
                why.status(),
                EscapedText.column(why.toString())));
    }

    @Override
    public void reachable(Destination destination) {
        connections.<Integer, RuntimeException>autoCommit(
                c -> Sql.update(c, "delete from outgoing_destination where domain = ?", destination.domain()));
    }

    @Override
    public OutgoingFigures figures(Instant now) {
        return connections
                .<Optional<OutgoingFigures>, RuntimeException>autoCommit(c -> Sql.first(
                        c,
                        row -> {
                            OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
                            return new OutgoingFigures(
                                    row.getLong("queued"),
                                    row.getLong("deferred"),
                                    row.getLong("held"),
                                    row.getLong("dead"),
                                    oldest == null || oldest.toInstant().isAfter(now)
                                            ? Duration.ZERO
                                            : Duration.between(oldest.toInstant(), now),
                                    delivered.get(),
                                    failed.get());
                        },
                        "select count(*) filter (where state = 'waiting') as queued,"
                                + " count(*) filter (where state = 'waiting' and attempts > 0) as deferred,"
                                + " count(*) filter (where state = 'held') as held,"
                                + " count(*) filter (where state = 'dead') as dead,"
                                + " min(enqueued) filter (where state = 'waiting') as oldest from outgoing_recipient"))
                .orElseThrow();
    }

    /**
     * Removes what is dead for so long that no operator will look at it.
     *
     * @return how many recipients
     */
    public int sweepDead(Duration retention) {
        OffsetDateTime before = QueueRows.at(now().minus(retention));
        int removed = 0;
        int some;
        do {
            some = connections.<Integer, RuntimeException>transaction(c -> {
                int gone = 0;
                List<UUID> mails = Sql.query(
                        c,
                        row -> row.getObject(1, UUID.class),
                        "select id from outgoing_mail where id in (select mail_id from outgoing_recipient"
                                + " where state = 'dead' and tried <= ? order by mail_id limit " + SWEPT_AT_ONCE
                                + ") order by id for update",
                        before);
                for (UUID mail : mails) {
                    List<String> dead = Sql.query(
                            c,
                            row -> EscapedText.text(row.getString(1)),
                            "select recipient from outgoing_recipient where mail_id = ? and state = 'dead' and tried <= ?"
                                    + " order by recipient for update",
                            mail,
                            before);
                    gone += remove(c, mail, dead, now());
                }
                return gone;
            });
            removed += some;
        } while (some > 0);
        return removed;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** A message as its columns name it. */
    private record StoredOctets(StoredMessage.Stored stored) implements OutgoingMail.Octets {
        static StoredOctets read(ResultSet row, Bodies bodies) throws SQLException {
            return new StoredOctets(new StoredMessage.Stored(
                    bodies,
                    Objects.requireNonNull(row.getBytes("header")),
                    row.getObject("body_id", UUID.class),
                    row.getLong("body_bytes"),
                    Objects.requireNonNull(row.getBytes("sha256")),
                    row.getBytes("bytes"),
                    row.getObject("object", UUID.class)));
        }

        @Override
        public long size() {
            return stored.getMessageSize();
        }

        @Override
        public byte[] header() {
            return stored.header().clone();
        }

        @Override
        public void check() throws IOException {
            try {
                stored.check();
            } catch (CorruptBlob e) {
                throw new IOException("its body is damaged: " + e.getMessage(), e);
            }
        }

        @Override
        public InputStream open() {
            return stored.getInputStream();
        }
    }
}
