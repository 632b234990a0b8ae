package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import tg.gouv.messagerie.mail.transfer.outgoing.Diagnosis;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingFigures;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingQueue;
import tg.gouv.messagerie.platform.audit.AuditEvent.OutgoingQueueChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.OutgoingQueueChange.Intervention;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** What operators do with mail to other servers; each act and its row of the audit trail are one transaction. */
public final class PostgresOutgoingQueue implements OutgoingQueue {
    private static final int PAGE_MAX = 1_000;

    private static final String ENTRIES = "select r.mail_id, m.sender, r.recipient, r.destination, r.state,"
            + " r.lease is not null as worked, r.enqueued, r.due, r.attempts, m.size_bytes, r.status, r.reply, r.host"
            + " from outgoing_recipient r join outgoing_mail m on m.id = r.mail_id where ";

    private final PostgresOutgoing outgoing;
    private final Connections connections;
    private final AuditTrail trail;
    private final Clock clock;

    /**
     * The door to this mail.
     *
     * @param connections of the schema {@code mail}
     */
    public PostgresOutgoingQueue(PostgresOutgoing outgoing, Connections connections, AuditTrail trail, Clock clock) {
        this.outgoing = outgoing;
        this.connections = connections;
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    public List<Entry> list(Optional<String> domain, Optional<Entry> after, int most) {
        if (most < 1 || most > PAGE_MAX) {
            throw new IllegalArgumentException("a page has 1 to " + PAGE_MAX + " entries");
        }
        return connections.<List<Entry>, RuntimeException>autoCommit(c -> Sql.query(
                c,
                PostgresOutgoingQueue::entry,
                ENTRIES + "(r.mail_id, r.recipient) > (?, ?) and (?::text is null or r.destination = ?)"
                        + " order by r.mail_id, r.recipient limit ?",
                after.map(Entry::mail).orElse(new UUID(0, 0)),
                after.map(Entry::recipient).map(EscapedText::column).orElse(""),
                domain.map(PostgresOutgoingQueue::lower).orElse(null),
                domain.map(PostgresOutgoingQueue::lower).orElse(null),
                most));
    }

    @Override
    public List<Entry> show(UUID mail) {
        return connections.<List<Entry>, RuntimeException>autoCommit(
                c -> Sql.query(c, PostgresOutgoingQueue::entry, ENTRIES + "r.mail_id = ? order by r.recipient", mail));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        String status = row.getString("status");
        return new Entry(
                row.getObject("mail_id", UUID.class),
                EscapedText.text(row.getString("sender")),
                EscapedText.text(row.getString("recipient")),
                EscapedText.text(row.getString("destination")),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getBoolean("worked"),
                row.getObject("enqueued", OffsetDateTime.class).toInstant(),
                row.getObject("due", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"),
                row.getLong("size_bytes"),
                status == null
                        ? Optional.empty()
                        : Optional.of(new Diagnosis(
                                status,
                                EscapedText.text(row.getString("reply")),
                                Optional.ofNullable(EscapedText.textOrNull(row.getString("host"))),
                                true)));
    }

    @Override
    public int hold(Which which, String reason) {
        return change(which, Intervention.HOLD, reason, "state = 'held'", "state = 'waiting'");
    }

    @Override
    public int release(Which which, String reason) {
        return change(which, Intervention.RELEASE, reason, "state = 'waiting'", "state = 'held'");
    }

    @Override
    public int retry(Which which, String reason) {
        // One that is given up begins anew, or its age would end it at once; one that is worked on keeps its lease.
        return change(
                which,
                Intervention.RETRY,
                reason,
                "enqueued = case when state = 'dead' then ? else enqueued end, state = 'waiting',"
                        + " due = case when lease is null then ? else due end",
                "state <> 'held'");
    }

    private int change(Which which, Intervention act, String reason, String set, String of) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        int changed = connections.<Integer, RuntimeException>transaction(c -> {
            List<Row> rows = locked(c, which, " and " + of);
            Object[] times =
                    act == Intervention.RETRY ? new Object[] {QueueRows.at(now), QueueRows.at(now)} : new Object[0];
            for (Row row : rows) {
                Sql.update(
                        c,
                        "update outgoing_recipient set " + set + " where mail_id = ? and recipient = ?",
                        QueueRows.together(times, new Object[] {row.mail(), row.column()}));
            }
            if (act == Intervention.RETRY) {
                String[] domains =
                        rows.stream().map(Row::destination).distinct().toArray(String[]::new);
                Sql.update(
                        c,
                        "update outgoing_destination set not_before = ? where domain = any (?) or domain = ''",
                        QueueRows.at(now),
                        domains);
            }
            audit(c, which, act, reason);
            return rows.size();
        });
        outgoing.wake();
        return changed;
    }

    @Override
    public int delete(Which which, String reason) {
        Instant now = clock.instant();
        return connections.<Integer, RuntimeException>transaction(c -> {
            int removed = 0;
            Map<UUID, List<Row>> mails = locked(c, which, "").stream().collect(Collectors.groupingBy(Row::mail));
            for (Map.Entry<UUID, List<Row>> mail : mails.entrySet()) {
                List<String> recipients = mail.getValue().stream()
                        .map(row -> EscapedText.text(row.column()))
                        .toList();
                removed += PostgresOutgoing.remove(c, mail.getKey(), recipients, now);
            }
            audit(c, which, Intervention.DELETE, reason);
            return removed;
        });
    }

    private record Row(UUID mail, String column, String destination) {}

    /** The rows that are meant, locked in the one order of locks: messages first. */
    private static List<Row> locked(Connection c, Which which, String and) throws SQLException {
        String condition;
        Object[] parameters;
        switch (which) {
            case Which.Mail(UUID id) -> {
                condition = "mail_id = ?";
                parameters = new Object[] {id};
            }
            case Which.Recipient(UUID id, String address) -> {
                condition = "mail_id = ? and lower(recipient) = ?";
                parameters = new Object[] {id, lower(address)};
            }
            case Which.Domain(String name) -> {
                condition = "destination = ?";
                parameters = new Object[] {lower(name)};
            }
        }
        Sql.query(
                c,
                row -> 1,
                "select from outgoing_mail where id in (select mail_id from outgoing_recipient where " + condition
                        + ") order by id for update",
                parameters);
        return Sql.query(
                c,
                row -> new Row(row.getObject(1, UUID.class), row.getString(2), row.getString(3)),
                "select mail_id, recipient, destination from outgoing_recipient where " + condition + and
                        + " order by mail_id, recipient for update",
                parameters);
    }

    private void audit(Connection c, Which which, Intervention act, String reason) throws SQLException {
        Subject subject = switch (which) {
            case Which.Mail(UUID id) -> new Subject(Subject.Kind.MESSAGE, id.toString());
            case Which.Recipient(UUID id, String _) -> new Subject(Subject.Kind.MESSAGE, id.toString());
            case Which.Domain(String name) -> new Subject(Subject.Kind.DOMAIN, lower(name));
        };
        trail.record(
                c,
                new OutgoingQueueChange(
                        Circumstances.current(clock), act, subject, new Subject(Subject.Kind.REASON, reason)));
    }

    private static String lower(String text) {
        return EscapedText.column(text).toLowerCase(Locale.ROOT);
    }

    @Override
    public OutgoingFigures figures() {
        return outgoing.figures(clock.instant());
    }
}
