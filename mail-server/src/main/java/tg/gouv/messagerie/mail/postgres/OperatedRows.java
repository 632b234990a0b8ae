package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.queue.QueueAct;
import tg.gouv.messagerie.mail.queue.QueueActed;
import tg.gouv.messagerie.mail.queue.QueueFilter;
import tg.gouv.messagerie.mail.queue.QueueSource;
import tg.gouv.messagerie.mail.queue.QueuedMessage;
import tg.gouv.messagerie.platform.audit.AuditEvent.QueueChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.QueueChange.Measure;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** What operators do with the rows of one table; each act and its rows of the audit trail are one transaction. */
abstract class OperatedRows implements QueueSource {
    /** As many recipients as a line of a list can use. */
    static final int RECIPIENTS_LISTED = 3;

    static final int RECIPIENTS_SHOWN = 1_000;
    static final int ERROR_LISTED = 300;
    static final int ERROR_SHOWN = 10_000;
    static final int ATTEMPTS = 3;

    private final PostgresMailQueues.Ground ground;
    private final AuditTrail trail;

    OperatedRows(PostgresMailQueues.Ground ground, AuditTrail trail) {
        this.ground = ground;
        this.trail = trail;
    }

    /** The table, with its columns {@code id, name, sender, recipients, error_message, remote_addr, size_bytes, header}. */
    abstract String table();

    /** The column that says when a message was accepted. */
    abstract String accepted();

    /** An expression for the state of a row {@code q} at a moment, as the names of {@code QueuedMessage.State}. */
    abstract String state(Instant now);

    /** An expression for the recipients of {@code q} who do not have the message yet. */
    abstract String remaining();

    /** Expressions for when the message is tried next, how often it failed, and how often it was interrupted. */
    abstract String progress();

    /**
     * Does it with rows that are locked.
     *
     * @return the ids of those for which it was done
     */
    abstract List<UUID> change(Connection c, QueueAct act, UUID[] locked, Instant now) throws SQLException;

    /** What is to happen when an act is durable. */
    abstract void changed(QueueAct act);

    @Override
    public List<QueuedMessage> list(QueueFilter which, Optional<UUID> after, int most) {
        FilteredRows rows = filtered(which);
        rows.and(" and q.id > ?", after.orElse(new UUID(0, 0)));
        return read(rows, RECIPIENTS_LISTED, ERROR_LISTED, most);
    }

    @Override
    public Optional<QueuedMessage> show(UUID id) {
        return read(filtered(QueueFilter.of(id)), RECIPIENTS_SHOWN, ERROR_SHOWN, 1).stream()
                .findFirst();
    }

    private List<QueuedMessage> read(FilteredRows rows, int recipientsMost, int errorMost, int most) {
        String sql = "select q.id, q.name, q.sender, l.left_over[1:" + recipientsMost
                + "] as some, cardinality(l.left_over)"
                + " as count, q.remote_addr, " + state(now()) + " as state_now, q." + accepted() + " as accepted, "
                + progress() + ", left(q.error_message, " + errorMost + ") as error, q.size_bytes,"
                + " octet_length(q.header) as header_bytes from " + table() + " q cross join lateral (select "
                + remaining() + " as left_over) l where " + rows.condition() + " order by q.id limit " + most;
        return ground.connections()
                .<List<QueuedMessage>, RuntimeException>autoCommit(
                        c -> Sql.query(c, row -> message(name(), row), sql, rows.parameters()));
    }

    /** A message of these columns. */
    static QueuedMessage message(String queue, ResultSet row) throws SQLException {
        String sender = row.getString("sender");
        return new QueuedMessage(
                queue,
                row.getObject("id", UUID.class),
                EscapedText.text(row.getString("name")),
                sender == null ? "" : EscapedText.text(sender),
                Arrays.stream((String[]) row.getArray("some").getArray())
                        .map(EscapedText::text)
                        .toList(),
                row.getInt("count"),
                text(row.getString("remote_addr")),
                QueuedMessage.State.valueOf(row.getString("state_now")),
                instant(row, "accepted"),
                instant(row, "next_try"),
                row.getInt("attempts"),
                row.getInt("interrupted"),
                text(row.getString("error")),
                row.getLong("size_bytes"),
                row.getLong("header_bytes"));
    }

    private static Optional<String> text(@Nullable String column) {
        return Optional.ofNullable(EscapedText.textOrNull(column)).filter(text -> !text.isBlank());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Override
    public QueueActed act(QueueAct act, QueueFilter which, String reason) {
        for (int left = ATTEMPTS; ; left--) {
            try {
                QueueActed done =
                        ground.connections().<QueueActed, RuntimeException>transaction(c -> act(c, act, which, reason));
                changed(act);
                return done;
            } catch (StoreUnavailable e) {
                if (left == 1 || !QueueRows.isForeignKeyViolated(e)) {
                    throw e;
                }
                // somebody named a body after the statement had looked; the next one sees it
            }
        }
    }

    private QueueActed act(Connection c, QueueAct act, QueueFilter which, String reason) throws SQLException {
        FilteredRows rows = filtered(which);
        UUID[] locked = Sql.query(
                        c,
                        row -> row.getObject(1, UUID.class),
                        "select q.id from " + table() + " q where " + rows.condition() + " order by q.id for update",
                        rows.parameters())
                .toArray(UUID[]::new);
        List<UUID> done = locked.length == 0 ? List.of() : change(c, act, locked, now());
        if (act == QueueAct.DELETE || act == QueueAct.BOUNCE) {
            Sql.update(
                    c,
                    "insert into trace_outcome(queue_id, at, outcome, detail) select id, ?, ?, ? from unnest(?::uuid[]) as t(id)",
                    QueueRows.at(now()),
                    act == QueueAct.DELETE ? "deleted" : "returned",
                    reason,
                    done.toArray(UUID[]::new));
        }
        trail.record(c, changes(act, done, reason, Circumstances.current(ground.clock())));
        return new QueueActed(done.size(), locked.length - done.size());
    }

    /** What the audit trail is told of an act: a row for each message. */
    static List<QueueChange> changes(QueueAct act, List<UUID> done, String reason, Circumstances circumstances) {
        Measure measure = measure(act);
        Subject why = new Subject(Subject.Kind.REASON, reason);
        return done.stream()
                .map(id ->
                        new QueueChange(circumstances, measure, new Subject(Subject.Kind.MESSAGE, id.toString()), why))
                .toList();
    }

    private static Measure measure(QueueAct act) {
        return switch (act) {
            case HOLD -> Measure.HOLD;
            case RELEASE -> Measure.RELEASE;
            case RETRY -> Measure.RETRY;
            case DELETE -> Measure.DELETE;
            case BOUNCE -> Measure.BOUNCE;
        };
    }

    private FilteredRows filtered(QueueFilter which) {
        Instant now = now();
        return new FilteredRows(which, FilteredRows.Columns.ofMessages("q." + accepted(), state(now)), now);
    }

    private Instant now() {
        return ground.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    PostgresMailQueues.Ground ground() {
        return ground;
    }

    /** The ids that a statement returns. */
    static List<UUID> ids(Connection c, String sql, @Nullable Object... parameters) throws SQLException {
        return Sql.query(c, row -> row.getObject(1, UUID.class), sql, parameters);
    }
}
