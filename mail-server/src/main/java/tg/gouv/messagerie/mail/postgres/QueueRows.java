package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
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
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * A row is leased by one claim of one life of a node's program until lease_until, and renewed until the program says what became of
 * it. Every statement on a leased row names the claim, so whoever's lease another took over changes nothing, even when it came back
 * to the same life. A life never takes over from itself: what it holds it will settle, even when PostgreSQL was away for longer
 * than the lease.
 *
 * Bodies. A row that goes releases its body: unless a mailbox or a repository names it, which releases it later itself; a body in
 * the database that nobody names goes at once, an object after the retention (ReleasedBodies). Two rows of the queue, or of outgoing
 * mail, that share a body and go at once do not see each other, so a body that another such row names is released too. The foreign keys stand
 * behind this: a body that somebody names after all makes the statement fail, and it is tried again.
 *
 * Order of locks: queue_mail by ascending id, then those of the mailbox store.
 */
/** The statements on {@code queue_mail}. */
final class QueueRows {
    private static final String INSERT =
            "insert into queue_mail(id, queue, priority, due, enqueued, has_message, header, body_id, size_bytes, "
                    + MailEnvelope.COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, " + MailEnvelope.PLACES + ")";

    /** With the mail, the beginning of its trace. */
    private static final String INSERT_TRACED = "q as (" + INSERT + """
             returning id, enqueued, name, sender, recipients, remote_addr, size_bytes)
            insert into trace_accepted(queue_id, at, name, message_id, sender, recipients, size_bytes, client, door, account,
                parent)
            select id, enqueued, name, ?::text, sender, recipients, size_bytes, case when ?::text is null then null
                else remote_addr end, ?::text, ?::text, ?::uuid from q
            """;

    private static final String NO_LEASE =
            "lease_node = null, lease_life = null, lease = null, lease_until = null, begun = null";

    /** The rows of leases, as {@link #of} binds them. */
    private static final String LEASED =
            " from unnest(?::uuid[], ?::uuid[]) as l(mail, claim) where id = l.mail and lease = l.claim";

    /** After {@code gone(id, body_id)}; ends with a list. */
    static final String RELEASE = """
            naming as (
                select distinct gone.body_id,
                    exists (select from message x where x.body_id = gone.body_id)
                        or exists (select from repository_mail x where x.body_id = gone.body_id) as elsewhere,
                    exists (select from queue_mail x where x.body_id = gone.body_id
                        and x.id <> gone.id)
                        or exists (select from outgoing_mail x where x.body_id = gone.body_id
                        and x.id <> gone.id) as queued
                from gone where gone.body_id is not null),
            freed as (
                delete from body b using naming n
                where b.id = n.body_id and not n.elsewhere and not n.queued and b.object is null),
            kept as (
                insert into released(body_id, since)
                select n.body_id, ? from naming n join body b on b.id = n.body_id
                where not n.elsewhere and (n.queued or b.object is not null)
                on conflict (body_id) do update set since = excluded.since)
            """;

    private static final String ASIDE =
            "insert into repository_mail(id, url, key, stored, has_message, header, body_id,"
                    + " size_bytes, " + MailEnvelope.COLUMNS + ") "
                    + """
            select g.id, ?,
                case when exists (select from repository_mail r where r.url = ? and md5(r.key) = md5(g.name))
                    then g.name || '-' || g.id else g.name end,
                ?, g.has_message, g.header, g.body_id, g.size_bytes,
                g.name, g.sender, left_over.recipients, g.state, coalesce(g.error_message || E'\\n', '') || ?, g.remote_host,
                g.remote_addr, g.last_updated, g.attributes, g.recipient_headers
            from gone g cross join lateral (
                select array(select r from unnest(g.recipients) with ordinality as rs(r, place)
                    where not exists (select from delivered d where d.queue_id = g.id and d.recipient = lower(r))
                    order by place) as recipients) left_over
            where cardinality(left_over.recipients) > 0 or cardinality(g.recipients) = 0
            """;

    private static final int FINISH_ATTEMPTS = 3;

    private final Connections connections;
    private final Bodies bodies;
    private final UUID node;
    private final UUID life;

    QueueRows(Connections connections, Bodies bodies, UUID node, UUID life) {
        this.connections = connections;
        this.bodies = bodies;
        this.node = node;
        this.life = life;
    }

    // Enqueuing

    /** A mail that is about to be a row. */
    record New(
            UUID id,
            String queue,
            int priority,
            Instant due,
            Instant now,
            MailEnvelope envelope,
            MailContent content,
            Arrival arrival) {
        /** The same, written by the program because of a mail. */
        New broughtForthBy(UUID parent) {
            return new New(id, queue, priority, due, now, envelope, content, new Arrival(null, null, parent));
        }
    }

    /** Stores a mail; it is durable when this returns. */
    void insert(New mail) {
        connections.<Integer, RuntimeException>autoCommit(c -> insert(c, mail));
    }

    /** The same in the transaction of the caller. */
    static int insert(Connection c, New mail) throws SQLException {
        MailContent content = mail.content();
        StoredBody made = content.made();
        @Nullable
        Object[] own = {
            mail.id(),
            mail.queue(),
            (short) mail.priority(),
            at(mail.due()),
            at(mail.now()),
            content.hasMessage(),
            content.header(),
            content.bodyId(),
            content.sizeBytes()
        };
        Arrival arrival = mail.arrival();
        @Nullable
        Object[] trace = {
            Arrival.messageId(content.header()), arrival.door(), arrival.door(), arrival.account(), arrival.parent()
        };
        @Nullable Object[] row = together(together(own, mail.envelope().parameters()), trace);
        return made == null
                ? Sql.update(c, "with " + INSERT_TRACED, row)
                : Sql.update(
                        c, "with b as (" + StoredBody.INSERT + "), " + INSERT_TRACED, together(made.parameters(), row));
    }

    // Working

    /**
     * Leases up to so many mails that are due, the most urgent first.
     *
     * @param interruptedMax none that a program's end interrupted more often
     */
    List<QueuedMail> claim(String queue, int most, int interruptedMax, Instant now, Instant until, UUID claim) {
        return connections.<List<QueuedMail>, RuntimeException>autoCommit(c -> Sql.query(
                c,
                row -> QueuedMail.read(row, bodies),
                """
                with next as materialized (
                    select one.id from generate_series(9, 0, -1) as p(priority) cross join lateral (
                        select id from queue_mail
                        where queue = ? and priority = p.priority and due <= ? and held_since is null and interrupted <= ?
                            and (lease_until is null or (lease_until < ? and lease_life is distinct from ?))
                        order by due, id limit ? for update skip locked) one
                    limit ?),
                m as (
                    update queue_mail q set lease_node = ?, lease_life = ?, lease = ?, lease_until = ?,
                        interrupted = q.interrupted + case when q.begun is null then 0 else 1 end, begun = null
                    from next where q.id = next.id returning q.*)
                select %s from m left join body b on b.id = m.body_id order by m.priority desc, m.due, m.id
                """.formatted(QueuedMail.COLUMNS),
                queue,
                at(now),
                interruptedMax,
                at(now),
                life,
                most,
                most,
                node,
                life,
                claim,
                at(until)));
    }

    /**
     * Notes that the work on leased mails begins, before it does. This survives the end of our program, which is all it is for, and
     * need not survive PostgreSQL's: its commit is not waited for.
     *
     * @return those that are leased still
     */
    List<UUID> begin(Collection<QueueItem> items, Instant now) {
        return connections.<List<UUID>, RuntimeException>autoCommit(c ->
                Sql.query(c, row -> row.getObject(1, UUID.class), """
                with unwaited as materialized (select set_config('synchronous_commit', 'off', true))
                update queue_mail set begun = ? from unwaited, unnest(?::uuid[], ?::uuid[]) as l(mail, claim)
                where id = l.mail and lease = l.claim returning id
                """, together(new Object[] {at(now)}, of(items))));
    }

    /**
     * Brings back what a clock that was put back left in a future that is no longer one: what was enqueued later than now is as if it was
     * enqueued now; what failed waits no longer than the longest time between two tries; no lease is longer than leases are.
     *
     * @return how many mails would have waited
     */
    int clockWentBack(Instant now, Instant latestTry, Instant latestLease) {
        return connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c,
                """
                update queue_mail set
                    due = case when enqueued > ? then least(due, ?::timestamptz + (due - enqueued))
                        when attempts > 0 then least(due, ?) else due end,
                    enqueued = least(enqueued, ?),
                    lease_until = least(lease_until, ?)
                where enqueued > ? or (attempts > 0 and due > ?) or lease_until > ?""",
                at(now),
                at(now),
                at(latestTry),
                at(now),
                at(latestLease),
                at(now),
                at(latestTry),
                at(latestLease)));
    }

    /** When the next mail of the queue is due that is not due yet. */
    Optional<Instant> nextDue(String queue, Instant now) {
        return connections
                .<Optional<OffsetDateTime>, RuntimeException>autoCommit(
                        c -> Sql.first(c, row -> row.getObject(1, OffsetDateTime.class), """
                        select one.due from generate_series(0, 9) as p(priority) cross join lateral (
                            select due from queue_mail where queue = ? and priority = p.priority and due > ?
                                and held_since is null
                            order by due limit 1) one
                        order by one.due limit 1""", queue, at(now)))
                .map(OffsetDateTime::toInstant);
    }

    /**
     * Removes a leased mail that was processed, with what that brought forth, in one transaction.
     *
     * @return false if the lease was somebody else's; then nothing was written
     */
    boolean finish(QueueItem item, List<Work.Write> writes, Instant now) {
        for (int left = FINISH_ATTEMPTS; ; left--) {
            try {
                return finishOnce(item, writes, now);
            } catch (StoreUnavailable e) {
                if (left == 1 || !isForeignKeyViolated(e)) {
                    throw e;
                }
                // somebody named the body after this statement had looked; the next one sees it
            }
        }
    }

    private boolean finishOnce(QueueItem item, List<Work.Write> writes, Instant now) {
        if (writes.isEmpty()) {
            return connections.<Boolean, RuntimeException>autoCommit(c -> removeLeased(c, item, now));
        }
        return connections.<Boolean, RuntimeException>transaction(c -> {
            // Before the row goes: what it brought forth may share its body.
            boolean ours = Sql.first(
                            c,
                            row -> 1,
                            "select from queue_mail where id = ? and lease = ? for update",
                            item.id(),
                            item.lease())
                    .isPresent();
            if (ours) {
                for (Work.Write write : writes) {
                    write.on(c);
                }
                removeLeased(c, item, now);
            }
            return ours;
        });
    }

    private boolean removeLeased(Connection c, QueueItem item, Instant now) throws SQLException {
        return remove(c, "id = ? and lease = ?", now, item.id(), item.lease()) == 1;
    }

    /** Removes mails and releases their bodies; returns how many. */
    static int remove(Connection c, String which, Instant now, Object... parameters) throws SQLException {
        String sql = "with gone as (delete from queue_mail where " + which + " returning id, body_id), " + RELEASE
                + " select count(*) from gone";
        return Sql.first(c, row -> row.getInt(1), sql, together(parameters, new Object[] {at(now)}))
                .orElseThrow();
    }

    /** Makes a leased mail due again, later, as one that failed once more; no body is written. */
    boolean retry(QueueItem item, Instant now, Instant due, @Nullable String attributes, @Nullable String error) {
        @Nullable Object[] changes = {at(due), attributes, error};
        return connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                        c,
                        "with u as (update queue_mail set due = ?, attempts = attempts + 1,"
                                + " attributes = coalesce(?::json, attributes), error_message = coalesce(?, error_message), "
                                + NO_LEASE + LEASED + " returning id)"
                                + " insert into trace_outcome(queue_id, at, outcome, detail)"
                                + " select id, ?, 'failed', left(?, 500) from u",
                        together(together(changes, of(List.of(item))), new @Nullable Object[] {at(now), error})))
                == 1;
    }

    /** Makes a leased mail that nobody tried due again, later. */
    boolean postpone(QueueItem item, Instant due) {
        return change("due = ?", List.of(item), at(due)) == 1;
    }

    /** Gives mails back that nobody tried. */
    int giveBack(Collection<QueueItem> items) {
        return items.isEmpty() ? 0 : change("attempts = attempts", items);
    }

    private int change(String set, Collection<QueueItem> items, @Nullable Object... parameters) {
        return connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c, "update queue_mail set " + set + ", " + NO_LEASE + LEASED, together(parameters, of(items))));
    }

    /**
     * Moves a leased mail to a repository, with the recipients for whom it was not delivered.
     *
     * @return false if the lease was somebody else's
     */
    boolean putAside(QueueItem item, String url, String reason, Instant now) {
        return connections.<Boolean, RuntimeException>transaction(c -> {
            Sql.update(c, "insert into mail_repository(url) values (?) on conflict do nothing", url);
            int gone = Sql.first(
                            c,
                            row -> row.getInt(1),
                            "with gone as (delete from queue_mail where id = ? and lease = ? returning *), aside as ("
                                    + ASIDE + " returning body_id), traced as ("
                                    + "insert into trace_outcome(queue_id, at, outcome, detail)"
                                    + " select id, ?, 'aside', left(?, 500) from gone), unnamed as ("
                                    + "insert into released(body_id, since) select body_id, ? from gone"
                                    + " where body_id is not null and not exists (select from aside)"
                                    + " on conflict (body_id) do update set since = excluded.since)"
                                    + " select count(*) from gone",
                            item.id(),
                            item.lease(),
                            url,
                            url,
                            at(now),
                            EscapedText.column(reason),
                            at(now),
                            EscapedText.column(reason),
                            at(now))
                    .orElseThrow();
            return gone == 1;
        });
    }

    /** Makes leases last longer, all by one statement. */
    void renew(Collection<QueueItem> items, Instant until) {
        connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c, "update queue_mail set lease_until = ?" + LEASED, together(new Object[] {at(until)}, of(items))));
    }

    /** Takes back what former lives of this node held; what they worked on was interrupted. */
    void releaseFormerLives() {
        connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                c,
                "update queue_mail set interrupted = interrupted + case when begun is null then 0 else 1 end, "
                        + NO_LEASE + " where lease_node = ? and lease_life is distinct from ?",
                node,
                life));
    }

    /** Gives everything back that this life holds. */
    void releaseAll() {
        connections.<Integer, RuntimeException>autoCommit(
                c -> Sql.update(c, "update queue_mail set " + NO_LEASE + " where lease_life = ?", life));
    }

    // Managing

    /** Makes every delayed mail due now. */
    int flush(String queue, Instant now) {
        return connections.<Integer, RuntimeException>autoCommit(c ->
                Sql.update(c, "update queue_mail set due = ? where queue = ? and due > ?", at(now), queue, at(now)));
    }

    /** Removes up to {@code most} mails, even those that somebody works on. */
    int clear(String queue, Instant now, int most) {
        return removeSome(now, "queue = ?", most, queue);
    }

    /** Removes up to {@code most} mails by name, sender or recipient, in whatever case an address is written. */
    int remove(String queue, ManageableMailQueue.Type type, String value, Instant now, int most) {
        String column = EscapedText.column(value);
        return switch (type) {
            case Name -> removeSome(now, "queue = ? and name = ?", most, queue, column);
            case Sender ->
                removeSome(now, "queue = ? and lower(coalesce(sender, '<>')) = lower(?)", most, queue, column);
            case Recipient ->
                removeSome(
                        now,
                        "queue = ? and exists (select from unnest(recipients) r(address) where lower(address) = lower(?))",
                        most,
                        queue,
                        column);
        };
    }

    private int removeSome(Instant now, String which, int most, Object... parameters) {
        return connections.<Integer, RuntimeException>autoCommit(c -> remove(
                c,
                "id in (select id from queue_mail where " + which + " order by id limit " + most + " for update)",
                now,
                parameters));
    }

    long size(String queue) {
        return connections.<Long, RuntimeException>autoCommit(
                c -> Sql.first(c, row -> row.getLong(1), "select count(*) from queue_mail where queue = ?", queue)
                        .orElseThrow());
    }

    /** The queues that hold mail. */
    List<String> names() {
        return connections.<List<String>, RuntimeException>autoCommit(c -> Sql.query(c, row -> row.getString(1), """
                with recursive known as (
                    (select queue from queue_mail order by queue limit 1)
                    union all
                    select (select m.queue from queue_mail m where m.queue > known.queue order by m.queue limit 1)
                    from known where known.queue is not null)
                select queue from known where queue is not null"""));
    }

    /** The mails that come after one in the order in which they are dequeued, of those that were there at a moment. */
    List<QueuedMail> page(String queue, @Nullable QueuedMail after, Instant enqueuedBefore, int most) {
        int rank = after == null ? Integer.MIN_VALUE : -after.priority();
        OffsetDateTime due = at(after == null ? Instant.EPOCH : after.due());
        UUID id = after == null ? new UUID(0, 0) : after.id();
        return connections.<List<QueuedMail>, RuntimeException>autoCommit(c -> Sql.query(
                c,
                row -> QueuedMail.read(row, bodies),
                "select " + QueuedMail.COLUMNS + " from queue_mail m left join body b on b.id = m.body_id"
                        + " where m.queue = ? and (-m.priority, m.due, m.id) > (?, ?, ?) and m.enqueued <= ?"
                        + " order by -m.priority, m.due, m.id limit ?",
                queue,
                rank,
                due,
                id,
                at(enqueuedBefore),
                most));
    }

    private static Object[] of(Collection<QueueItem> items) {
        return new Object[] {
            items.stream().map(QueueItem::id).toArray(UUID[]::new),
            items.stream().map(QueueItem::lease).toArray(UUID[]::new)
        };
    }

    static boolean isForeignKeyViolated(StoreUnavailable e) {
        return e.getCause() instanceof SQLException sql && "23503".equals(sql.getSQLState());
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static @Nullable Object[] together(@Nullable Object[] first, @Nullable Object[] second) {
        @Nullable Object[] both = new @Nullable Object[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
