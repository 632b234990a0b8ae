package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.queue.api.ManageableMailQueue;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * The attempt is counted by the statement that leases the mail, before anybody sees it: a mail that ends the JVM each time is held
 * in the end. Every later statement on a leased mail names the life that leased it, so a life whose lease was given to another one
 * changes nothing.
 */
/** The statements on {@code queued_mail}. */
final class QueueRows {
    /** The columns an insert gives, in the order of its parameters. */
    private static final String INSERT =
            "insert into queued_mail(id, queue, rank, due, enqueued_at, header, body_id, size, " + QueueEnvelope.COLUMNS
                    + ") values (?, ?, ?, ?, ?, ?, ?, ?, " + QueueEnvelope.PLACES + ")";

    /** A leased mail that comes back. Of those that came back more than once one may be what ended the JVM: they go one by one. */
    private static final Duration SUSPECTS_APART = Duration.ofSeconds(2);

    private final Connections connections;
    private final Bodies bodies;
    private final String node;
    private final UUID life;
    private final int attemptsMax;

    QueueRows(Connections connections, Bodies bodies, String node, UUID life, int attemptsMax) {
        this.connections = connections;
        this.bodies = bodies;
        this.node = node;
        this.life = life;
        this.attemptsMax = attemptsMax;
    }

    /** Stores a mail; it is durable when this returns. */
    void insert(
            UUID id, String queue, int rank, Instant due, Instant now, QueueEnvelope envelope, QueueContent content) {
        StoredBody made = content.made();
        String sql = made == null ? INSERT : "with made as (" + StoredBody.INSERT + ") " + INSERT;
        @Nullable
        Object[] own = {id, queue, rank, at(due), at(now), content.header(), content.bodyId(), content.size()};
        @Nullable
        Object[] parameters =
                together(made == null ? new Object[0] : made.parameters(), together(own, envelope.parameters()));
        connections.autoCommit(c -> Sql.update(c, sql, parameters));
    }

    /** Leases up to so many mails that are due, the first first. */
    List<QueuedMail> claim(String queue, int most, Instant now, Instant until) {
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> QueuedMail.read(row, bodies),
                """
                with next as materialized (
                    select one.id from generate_series(0, 9) as ranks(rank) cross join lateral (
                        select id from queued_mail
                        where queue = ? and stage = 'ready' and rank = ranks.rank and due <= ?
                        order by due, id limit ? for update skip locked) one
                    limit ?),
                m as (
                    update queued_mail q set stage = 'leased', attempts = attempts + 1,
                        lease_node = ?, lease_life = ?, lease_until = ?
                    from next where q.id = next.id returning q.*)
                select %s from m left join body b on b.id = m.body_id order by m.rank, m.due, m.id
                """.formatted(QueuedMail.COLUMNS),
                queue,
                at(now),
                most,
                most,
                node,
                life,
                at(until)));
    }

    /** When the next mail of the queue is due that is not due yet. */
    Optional<Instant> nextDue(String queue) {
        return connections.autoCommit(c -> Sql.first(c, row -> row.getObject(1, OffsetDateTime.class), """
                        select one.due from generate_series(0, 9) as ranks(rank) cross join lateral (
                            select due from queued_mail where queue = ? and stage = 'ready' and rank = ranks.rank
                            order by due limit 1) one
                        order by one.due limit 1""", queue)
                .map(OffsetDateTime::toInstant));
    }

    /**
     * Removes a leased mail that was processed.
     *
     * @return false if the lease was somebody else's
     */
    boolean remove(UUID id, Instant now) {
        return connections.transaction(c -> QueueBodies.remove(
                        c,
                        now,
                        "delete from queued_mail where id = ? and lease_life = ? returning id, body_id",
                        id,
                        life))
                == 1;
    }

    /** Makes a leased mail due again, later. */
    boolean retry(UUID id, Instant due) {
        return update("stage = 'ready', due = ?", id, at(due));
    }

    /** Gives a mail back that nobody tried. */
    boolean giveBack(UUID id) {
        return update("stage = 'ready', attempts = attempts - 1", id);
    }

    /** Holds a leased mail until an operator decides. */
    boolean hold(UUID id, String because) {
        return update("stage = 'held', held_because = ?", id, because.replace('\0', '\uFFFD'));
    }

    /** Makes leases last longer. */
    void renew(Collection<UUID> ids, Instant until) {
        connections.autoCommit(c -> Sql.update(
                c,
                "update queued_mail set lease_until = ? where id = any(?) and lease_life = ?",
                at(until),
                ids.toArray(UUID[]::new),
                life));
    }

    /** Takes back what former lives of this node were working on; tells which mails are held now. */
    List<Held> releaseFormerLives(String queue, Instant now) {
        return release(now, "queue = ? and lease_node = ? and lease_life <> ?", queue, node, life);
    }

    /** Takes back what nobody renewed in time, except what this life still works on; tells which mails are held now. */
    List<Held> releaseExpired(Collection<String> queues, Instant now, Collection<UUID> inHand) {
        return release(
                now,
                "queue = any(?) and lease_until < ? and id <> all(?)",
                queues.toArray(String[]::new),
                at(now),
                inHand.toArray(UUID[]::new));
    }

    private List<Held> release(Instant now, String which, Object... parameters) {
        String because = "it was tried " + attemptsMax + " times, the last time without an end";
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> new Held(row.getString(1), row.getString(2), row.getString(3)),
                """
                with lost as materialized (
                    select id from queued_mail where stage = 'leased' and %s order by id for update skip locked),
                suspect as (
                    select m.id, row_number() over (order by m.due, m.id) as place
                    from queued_mail m join lost on lost.id = m.id where m.attempts >= 2 and m.attempts < ?),
                freed as (
                    update queued_mail m set
                        stage = case when m.attempts >= ? then 'held' else 'ready' end,
                        held_because = case when m.attempts >= ? then ?::text end,
                        lease_node = null, lease_life = null, lease_until = null,
                        due = coalesce(
                            (select ?::timestamptz + (s.place - 1) * ?::double precision * interval '1 second'
                             from suspect s where s.id = m.id), m.due)
                    from lost where m.id = lost.id returning m.queue, m.name, m.held_because)
                select queue, name, held_because from freed where held_because is not null
                """.formatted(which),
                together(parameters, new Object[] {
                    attemptsMax, attemptsMax, attemptsMax, because, at(now), (double) SUSPECTS_APART.toSeconds()
                })));
    }

    /** Makes every delayed mail due now; they keep their order among themselves by when they were enqueued. */
    int flush(String queue, Instant now) {
        return connections.autoCommit(c -> Sql.update(
                c,
                "update queued_mail set due = ? where queue = ? and stage = 'ready' and due > ?",
                at(now),
                queue,
                at(now)));
    }

    /** Lets held mails be tried again, as if for the first time. */
    int resume(String queue, Instant now) {
        return connections.autoCommit(c -> Sql.update(
                c,
                "update queued_mail set stage = 'ready', held_because = null, attempts = 0, due = ?"
                        + " where queue = ? and stage = 'held'",
                at(now),
                queue));
    }

    /** Removes up to {@code most} mails, whatever their stage. */
    int clear(String queue, Instant now, int most) {
        return removeSome(now, "queue = ?", most, queue);
    }

    /** Removes up to {@code most} mails by name, sender or recipient, in whatever case an address is written. */
    int remove(String queue, ManageableMailQueue.Type type, String value, Instant now, int most) {
        return switch (type) {
            case Name -> removeSome(now, "queue = ? and name = ?", most, queue, value);
            case Sender ->
                removeSome(now, "queue = ? and lower(coalesce(sender, '<>')) = lower(?)", most, queue, value);
            case Recipient ->
                removeSome(
                        now,
                        "queue = ? and exists (select from unnest(recipients) r(address) where lower(address) = lower(?))",
                        most,
                        queue,
                        value);
        };
    }

    private int removeSome(Instant now, String which, int most, Object... parameters) {
        String delete = "delete from queued_mail where id in (select id from queued_mail where " + which
                + " order by id limit " + most + " for update) returning id, body_id";
        return connections.transaction(c -> QueueBodies.remove(c, now, delete, parameters));
    }

    long size(String queue) {
        return connections.autoCommit(c -> one(c, "select count(*) from queued_mail where queue = ?", queue));
    }

    /** The queues that hold mail. */
    List<String> names() {
        return connections.autoCommit(c -> Sql.query(c, row -> row.getString(1), """
                with recursive known as (
                    (select queue from queued_mail order by queue limit 1)
                    union all
                    select (select m.queue from queued_mail m where m.queue > known.queue order by m.queue limit 1)
                    from known where known.queue is not null)
                select queue from known where queue is not null"""));
    }

    QueueCounts counts(String queue, Instant now) {
        return connections.autoCommit(c -> Sql.first(c, QueueCounts::read, """
                select count(*) filter (where stage = 'ready' and due <= ?),
                    count(*) filter (where stage = 'ready' and due > ?),
                    count(*) filter (where stage = 'leased'),
                    count(*) filter (where stage = 'held'),
                    min(due) filter (where stage = 'ready' and due <= ?)
                from queued_mail where queue = ?""", at(now), at(now), at(now), queue)
                .orElseThrow());
    }

    /** The mails that come after one in the order in which they are dequeued, of those that were there at a moment. */
    List<QueuedMail> page(String queue, @Nullable QueuedMail after, Instant enqueuedBefore, int most) {
        int rank = after == null ? -1 : after.rank();
        Object due = at(after == null ? Instant.EPOCH : after.due());
        UUID id = after == null ? new UUID(0, 0) : after.id();
        String part = "(select * from queued_mail where queue = ? and stage = '%s' and (rank, due, id) > (?, ?, ?)"
                + " and enqueued_at <= ? order by rank, due, id limit " + most + ")";
        String sql = "select " + QueuedMail.COLUMNS + " from (select * from (" + part.formatted("ready") + " union all "
                + part.formatted("leased") + " union all " + part.formatted("held")
                + ") every order by rank, due, id limit " + most
                + ") m left join body b on b.id = m.body_id order by m.rank, m.due, m.id";
        Object[] once = {queue, rank, due, id, at(enqueuedBefore)};
        return connections.autoCommit(
                c -> Sql.query(c, row -> QueuedMail.read(row, bodies), sql, together(once, together(once, once))));
    }

    /** A mail that nobody works on any more. */
    record Held(String queue, String name, String because) {}

    private boolean update(String change, UUID id, Object... parameters) {
        return connections.autoCommit(c -> Sql.update(
                        c,
                        "update queued_mail set " + change
                                + ", lease_node = null, lease_life = null, lease_until = null"
                                + " where id = ? and lease_life = ?",
                        together(parameters, new Object[] {id, life})))
                == 1;
    }

    private static long one(Connection c, String sql, Object... parameters) throws SQLException {
        return Sql.first(c, row -> row.getLong(1), sql, parameters).orElseThrow();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Object[] together(@Nullable Object[] first, @Nullable Object[] second) {
        @Nullable Object[] both = new @Nullable Object[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
