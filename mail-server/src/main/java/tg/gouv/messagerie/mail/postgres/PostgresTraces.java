package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.trace.MessageTrace;
import tg.gouv.messagerie.mail.trace.TraceQuestion;
import tg.gouv.messagerie.mail.trace.TracedMail;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** The paths of accepted mail in PostgreSQL, kept for a time. */
public final class PostgresTraces implements TracedMail.Traces {
    private static final int RECIPIENTS_SHOWN = 20;

    /** Steps of one answer: a message to a whole ministry has thousands. */
    private static final int STEPS_MAX = 5_000;

    private static final int BATCH = 5_000;

    private static final String COLUMNS = "queue_id, at, name, message_id, sender, recipients[1:" + RECIPIENTS_SHOWN
            + "] as some, cardinality(recipients) as count, size_bytes, door, client, account, parent";

    private final Connections connections;
    private final TraceSettings settings;
    private final Clock clock;

    /**
     * The paths that this schema keeps.
     *
     * @param connections of the schema {@code mail}
     */
    public PostgresTraces(Connections connections, TraceSettings settings, Clock clock) {
        this.connections = connections;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<MessageTrace> find(TraceQuestion question, int most) {
        return connections.<List<MessageTrace>, RuntimeException>transaction(c -> find(c, question, most));
    }

    private static List<MessageTrace> find(Connection c, TraceQuestion question, int most) throws SQLException {
        StringBuilder condition = new StringBuilder("at >= ?");
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(QueueRows.at(question.since()));
        question.id().ifPresent(id -> {
            UUID queueId = uuid(id);
            condition.append(
                    queueId != null ? " and queue_id = ?" : id.contains("@") ? " and message_id = ?" : " and name = ?");
            parameters.add(queueId != null ? queueId : id.contains("@") ? bracketed(id) : column(id));
        });
        question.sender().ifPresent(sender -> {
            condition.append(" and lower(coalesce(sender, '')) = ?");
            parameters.add(sender.equals("<>") ? "" : column(sender).toLowerCase(Locale.ROOT));
        });
        question.recipient().ifPresent(recipient -> {
            condition.append(" and exists (select from unnest(recipients) r(address) where lower(address) = ?)");
            parameters.add(column(recipient).toLowerCase(Locale.ROOT));
        });
        Map<UUID, MessageTrace> found = new LinkedHashMap<>();
        for (MessageTrace trace : Sql.query(
                c,
                PostgresTraces::trace,
                "select " + COLUMNS + " from trace_accepted where " + condition + " order by at desc limit " + most,
                parameters.toArray())) {
            found.put(trace.id(), trace);
            Sql.query(
                            c,
                            PostgresTraces::trace,
                            "select " + COLUMNS + " from trace_accepted where parent = ? order by at limit " + most,
                            trace.id())
                    .forEach(child -> found.putIfAbsent(child.id(), child));
        }
        List<MessageTrace> all = new ArrayList<>(withSteps(c, found));
        all.addAll(refused(c, question, most));
        return all;
    }

    /** What was refused at the door; by no id but that of the connection. */
    private static List<MessageTrace> refused(Connection c, TraceQuestion question, int most) throws SQLException {
        StringBuilder condition = new StringBuilder("at >= ?");
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(QueueRows.at(question.since()));
        question.id().ifPresent(id -> {
            condition.append(" and session = ?");
            parameters.add(column(id));
        });
        question.sender().ifPresent(sender -> {
            condition.append(" and lower(sender) = ?");
            parameters.add(sender.equals("<>") ? "" : column(sender).toLowerCase(Locale.ROOT));
        });
        question.recipient().ifPresent(recipient -> {
            condition.append(" and lower(recipient) = ?");
            parameters.add(column(recipient).toLowerCase(Locale.ROOT));
        });
        return Sql.query(
                c,
                PostgresTraces::refusal,
                "select id, at, door, session, client, account, sender, recipient, reply from trace_refused where "
                        + condition + " order by at desc limit " + most,
                parameters.toArray());
    }

    private static MessageTrace refusal(ResultSet row) throws SQLException {
        List<String> recipients = text(row, "recipient").stream().toList();
        return new MessageTrace(
                row.getObject("id", UUID.class),
                instant(row),
                EscapedText.text(row.getString("session")),
                Optional.empty(),
                EscapedText.text(row.getString("sender")),
                recipients,
                recipients.size(),
                0,
                text(row, "door"),
                text(row, "client"),
                text(row, "account"),
                Optional.empty(),
                List.of(new MessageTrace.Step(
                        instant(row),
                        MessageTrace.Outcome.REFUSED,
                        recipients.stream().findFirst(),
                        text(row, "reply"))));
    }

    private static List<MessageTrace> withSteps(Connection c, Map<UUID, MessageTrace> found) throws SQLException {
        Map<UUID, List<MessageTrace.Step>> steps = new LinkedHashMap<>();
        Sql.query(
                c,
                row -> steps.computeIfAbsent(row.getObject("queue_id", UUID.class), _ -> new ArrayList<>())
                        .add(step(row)),
                "select queue_id, at, recipient, outcome, detail from trace_outcome where queue_id = any(?)"
                        + " order by at, recipient limit " + STEPS_MAX,
                (Object) found.keySet().toArray(UUID[]::new));
        return found.values().stream()
                .map(trace -> with(trace, steps.getOrDefault(trace.id(), List.of())))
                .toList();
    }

    private static MessageTrace trace(ResultSet row) throws SQLException {
        return new MessageTrace(
                row.getObject("queue_id", UUID.class),
                instant(row),
                EscapedText.text(row.getString("name")),
                text(row, "message_id"),
                text(row, "sender").orElse(""),
                Arrays.stream((String[]) row.getArray("some").getArray())
                        .map(EscapedText::text)
                        .toList(),
                row.getInt("count"),
                row.getLong("size_bytes"),
                text(row, "door"),
                text(row, "client"),
                text(row, "account"),
                Optional.ofNullable(row.getObject("parent", UUID.class)),
                List.of());
    }

    private static MessageTrace with(MessageTrace of, List<MessageTrace.Step> steps) {
        return new MessageTrace(
                of.id(),
                of.accepted(),
                of.name(),
                of.messageId(),
                of.sender(),
                of.recipients(),
                of.recipientCount(),
                of.sizeBytes(),
                of.door(),
                of.client(),
                of.account(),
                of.parent(),
                steps);
    }

    private static MessageTrace.Step step(ResultSet row) throws SQLException {
        return new MessageTrace.Step(
                instant(row),
                MessageTrace.Outcome.valueOf(row.getString("outcome").toUpperCase(Locale.ROOT)),
                text(row, "recipient"),
                text(row, "detail"));
    }

    private static Instant instant(ResultSet row) throws SQLException {
        return row.getObject("at", OffsetDateTime.class).toInstant();
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(EscapedText.textOrNull(row.getString(column)));
    }

    private static String column(String text) {
        return EscapedText.column(text);
    }

    /** People copy a Message-ID with or without its brackets. */
    private static String bracketed(String id) {
        return column(id.startsWith("<") ? id : "<" + id + ">");
    }

    private static @Nullable UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Forgets what is older than the retention; returns how many rows that were. */
    public int sweep() {
        OffsetDateTime before = clock.instant().minus(settings.retention()).atOffset(ZoneOffset.UTC);
        return forget("trace_outcome", before)
                + forget("trace_accepted", before)
                + forget("trace_refused", before)
                + forgetOldestRefusals();
    }

    private int forgetOldestRefusals() {
        return connections
                .<Optional<OffsetDateTime>, RuntimeException>autoCommit(c -> Sql.first(
                        c,
                        row -> row.getObject(1, OffsetDateTime.class),
                        "select at from trace_refused order by at desc offset ? limit 1",
                        settings.refusalsMax()))
                .map(oldest -> forget("trace_refused", oldest.plusNanos(1_000)))
                .orElse(0);
    }

    private int forget(String table, OffsetDateTime before) {
        int all = 0;
        int some;
        do {
            some = connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                    c,
                    "delete from " + table + " where ctid = any(array(select ctid from " + table
                            + " where at < ? limit " + BATCH + "))",
                    before));
            all += some;
        } while (some == BATCH);
        return all;
    }
}
