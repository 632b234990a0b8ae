package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.queue.QueueAct;
import tg.gouv.messagerie.mail.queue.QueueActed;
import tg.gouv.messagerie.mail.queue.QueueFilter;
import tg.gouv.messagerie.mail.queue.QueueSource;
import tg.gouv.messagerie.mail.queue.QueuedMessage;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * Each recipient goes its own way, so a filter chooses recipients: whoever holds a domain does not hold the same message's recipients
 * elsewhere. What is being worked on is left to whoever works on it, except that it may be deleted, and that it is held should it
 * fail. Locks are taken in the order of PostgresOutgoing.
 */
/**
 * Mail to other servers, as operators direct it. A message is known by its id here and by the one it was accepted with; its state is
 * that of those of its recipients who are meant and are the furthest on.
 */
public final class OperatedOutgoing implements QueueSource {
    /** Recipients {@code r} of messages {@code q}, with {@code alone.until}, until when their destination is left alone. */
    private static final String FROM =
            " from outgoing_recipient r join outgoing_mail q on q.id = r.mail_id cross join lateral ("
                    + "select max(d.not_before) as until from outgoing_destination d where d.domain in (r.destination, '')) alone"
                    + " where ";

    private static final String LAST_REPLY =
            "case when r.status is not null then coalesce(r.host || ': ', '') || r.reply end";

    /** As the program returns what waits for delivery; the row may have the id that it was accepted with, for its trace. */
    private static final String RETURNED = """
            insert into queue_mail(id, queue, priority, due, enqueued, has_message, header, body_id, size_bytes, name, sender,
                recipients, state, error_message, last_updated, attributes, recipient_headers)
            select case when q.queue_id is null or exists (select from queue_mail x where x.id = q.queue_id)
                then ?::uuid else q.queue_id end,
                'spool', 5, ?, q.enqueued, true, q.header, q.body_id, q.size_bytes, q.name, nullif(q.sender, ''),
                ?, ?, null, ?, '{}', '[]'
            from outgoing_mail q where q.id = ?
            """;

    private final PostgresOutgoing outgoing;
    private final PostgresMailQueues queues;
    private final PostgresMailQueues.Ground ground;
    private final AuditTrail trail;

    /** The mail that leaves these queues. */
    public OperatedOutgoing(PostgresOutgoing outgoing, PostgresMailQueues queues, AuditTrail trail) {
        this.outgoing = outgoing;
        this.queues = queues;
        this.ground = queues.ground();
        this.trail = trail;
    }

    @Override
    public String name() {
        return "outgoing";
    }

    @Override
    public List<QueuedMessage> list(QueueFilter which, Optional<UUID> after, int most) {
        FilteredRows rows = filtered(which, now());
        rows.and(" and q.id > ?", after.orElse(new UUID(0, 0)));
        return read(
                rows,
                OperatedRows.RECIPIENTS_LISTED,
                "(array_agg(left(s.reply, " + OperatedRows.ERROR_LISTED + ") order by s.tried desc nulls last))[1]",
                most);
    }

    @Override
    public Optional<QueuedMessage> show(UUID id) {
        return read(
                        filtered(QueueFilter.of(id), now()),
                        OperatedRows.RECIPIENTS_SHOWN,
                        "left(string_agg(s.recipient || ': ' || s.reply, '; ' order by s.recipient), "
                                + OperatedRows.ERROR_SHOWN + ")",
                        1)
                .stream()
                .findFirst();
    }

    private List<QueuedMessage> read(FilteredRows rows, int recipientsMost, String error, int most) {
        String sql = "with s as (select q.id, q.name, q.sender, q.enqueued, q.size_bytes,"
                + " octet_length(q.header) as header_bytes, r.recipient, " + state(now())
                + " as state, greatest(r.due, alone.until) as next_try, r.attempts, r.tried, " + LAST_REPLY
                + " as reply"
                + FROM + rows.condition() + ") select s.id, s.name, s.sender,"
                + " (array_agg(s.recipient order by s.recipient))[1:" + recipientsMost + "] as some, count(*) as count,"
                + " null as remote_addr, (array_agg(s.state order by array_position("
                + "array['WORKED_ON', 'WAITING', 'DELAYED', 'HELD', 'ASIDE'], s.state)))[1] as state_now,"
                + " s.enqueued as accepted, min(s.next_try) as next_try, max(s.attempts) as attempts, 0 as interrupted, "
                + error + " as error, s.size_bytes, s.header_bytes"
                + " from s group by s.id, s.name, s.sender, s.enqueued, s.size_bytes, s.header_bytes order by s.id limit "
                + most;
        return ground.connections()
                .<List<QueuedMessage>, RuntimeException>autoCommit(
                        c -> Sql.query(c, row -> OperatedRows.message(name(), row), sql, rows.parameters()));
    }

    @Override
    public QueueActed act(QueueAct act, QueueFilter which, String reason) {
        for (int left = OperatedRows.ATTEMPTS; ; left--) {
            try {
                QueueActed done =
                        ground.connections().<QueueActed, RuntimeException>transaction(c -> act(c, act, which, reason));
                if (act == QueueAct.RELEASE || act == QueueAct.RETRY) {
                    outgoing.wake();
                } else if (act == QueueAct.BOUNCE) {
                    queues.wake();
                }
                return done;
            } catch (StoreUnavailable e) {
                if (left == 1 || !QueueRows.isForeignKeyViolated(e)) {
                    throw e;
                }
                // somebody named a body after the statement had looked; the next one sees it
            }
        }
    }

    /** A recipient of a message, locked. */
    private record Row(UUID mail, String recipient, String destination, String state, boolean worked) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getObject(1, UUID.class),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getBoolean(5));
        }
    }

    private QueueActed act(Connection c, QueueAct act, QueueFilter which, String reason) throws SQLException {
        Instant now = now();
        FilteredRows rows = filtered(which, now);
        UUID[] mails = OperatedRows.ids(
                        c,
                        "select id from outgoing_mail where id in (select q.id" + FROM + rows.condition()
                                + ") order by id for update",
                        rows.parameters())
                .toArray(UUID[]::new);
        rows.and(" and q.id = any(?)", mails);
        Map<UUID, List<Row>> meant = Sql.query(
                        c,
                        Row::read,
                        "select r.mail_id, r.recipient, r.destination, r.state, r.lease is not null and r.due > '" + now
                                + "'" + FROM + rows.condition() + " order by r.mail_id, r.recipient for update of r",
                        rows.parameters())
                .stream()
                .collect(Collectors.groupingBy(Row::mail, LinkedHashMap::new, Collectors.toList()));
        List<UUID> done = new ArrayList<>();
        for (Map.Entry<UUID, List<Row>> mail : meant.entrySet()) {
            List<Row> concerned =
                    mail.getValue().stream().filter(row -> concerns(act, row)).toList();
            if (!concerned.isEmpty()) {
                change(c, act, mail.getKey(), concerned, reason, now);
                done.add(mail.getKey());
            }
        }
        trail.record(c, OperatedRows.changes(act, done, reason, Circumstances.current(ground.clock())));
        return new QueueActed(done.size(), meant.size() - done.size());
    }

    private static boolean concerns(QueueAct act, Row row) {
        return switch (act) {
            case HOLD -> row.state().equals("waiting");
            case RELEASE -> row.state().equals("held");
            case RETRY -> !row.state().equals("held") && !row.worked();
            case DELETE -> true;
            case BOUNCE -> !row.worked();
        };
    }

    private void change(Connection c, QueueAct act, UUID mail, List<Row> rows, String reason, Instant now)
            throws SQLException {
        String[] recipients = rows.stream().map(Row::recipient).toArray(String[]::new);
        switch (act) {
            case HOLD -> set(c, "state = 'held'", mail, recipients);
            case RELEASE -> set(c, "state = 'waiting'", mail, recipients);
            case RETRY -> {
                // One that was given up begins anew, or its age would end it at once.
                set(
                        c,
                        "enqueued = case when state = 'dead' then ? else enqueued end, state = 'waiting', due = ?",
                        mail,
                        recipients,
                        QueueRows.at(now),
                        QueueRows.at(now));
                Sql.update(
                        c,
                        "update outgoing_destination set not_before = ? where domain = any (?) or domain = ''",
                        QueueRows.at(now),
                        rows.stream().map(Row::destination).distinct().toArray(String[]::new));
            }
            case DELETE -> {
                trace(c, "deleted", mail, recipients, reason, now);
                remove(c, mail, recipients, now);
            }
            case BOUNCE -> {
                Sql.update(
                        c,
                        RETURNED,
                        ground.ids().next(),
                        QueueRows.at(now),
                        recipients,
                        OperatedSpool.RETURNED,
                        QueueRows.at(now),
                        mail);
                trace(c, "returned", mail, recipients, reason, now);
                remove(c, mail, recipients, now);
            }
        }
    }

    private static void set(Connection c, String set, UUID mail, String[] recipients, @Nullable Object... parameters)
            throws SQLException {
        Sql.update(
                c,
                "update outgoing_recipient set " + set + " where mail_id = ? and recipient = any (?)",
                QueueRows.together(parameters, new Object[] {mail, recipients}));
    }

    private static void remove(Connection c, UUID mail, String[] recipients, Instant now) throws SQLException {
        PostgresOutgoing.remove(
                c, mail, List.of(recipients).stream().map(EscapedText::text).toList(), now);
    }

    private static void trace(Connection c, String outcome, UUID mail, String[] recipients, String reason, Instant now)
            throws SQLException {
        Sql.update(
                c,
                "insert into trace_outcome(queue_id, at, recipient, outcome, detail)"
                        + " select q.queue_id, ?, t.recipient, ?, ? from outgoing_mail q"
                        + " cross join unnest(?::text[]) as t(recipient) where q.id = ? and q.queue_id is not null",
                QueueRows.at(now),
                outcome,
                EscapedText.column(reason),
                recipients,
                mail);
    }

    private static FilteredRows filtered(QueueFilter which, Instant now) {
        return new FilteredRows(
                which,
                new FilteredRows.Columns(
                        "q.id = any(array(select o.id from unnest(?::uuid[]) as t(id)"
                                + " join outgoing_mail o on o.id = t.id or o.queue_id = t.id))",
                        "lower(r.recipient) = ?",
                        "? in (r.destination, split_part(lower(r.recipient), '@', -1))",
                        "q.enqueued",
                        state(now)),
                now);
    }

    private static String state(Instant now) {
        return "case when r.state = 'dead' then 'ASIDE' when r.state = 'held' then 'HELD'"
                + " when r.lease is not null and r.due > '" + now + "' then 'WORKED_ON'"
                + " when greatest(r.due, alone.until) > '" + now + "' then 'DELAYED' else 'WAITING' end";
    }

    private Instant now() {
        return ground.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }
}
