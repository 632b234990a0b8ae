package tg.gouv.messagerie.platform.outbox;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.AfterCommit;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/** The outbox in PostgreSQL, with this node's workers, until closed. */
public final class Outboxes implements Outbox, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outboxes.class);
    private static final String SCHEMA = "platform";
    private static final int ROWS_MAX = 1_000;
    private static final int TOPICS_MAX = 1_000;
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private static final String ADD = """
            insert into platform.outbox(id, topic, ordering_key, payload, due)
            select id, topic, ordering_key, payload, now()
            from unnest(?::uuid[], ?::text[], ?::text[], ?::text[]) with ordinality added(id, topic, ordering_key, payload, place)
            order by place
            """;

    private static final String ADD_LATER =
            "insert into platform.outbox_later(id, topic, payload, due) values (?, ?, ?, ?::timestamptz)";

    /** What is due is moved, as much at a time. */
    private static final String MOVE = """
            with due as (
                delete from platform.outbox_later where number in (
                    select number from platform.outbox_later where due <= now() order by due limit ? for update skip locked)
                returning *),
            moved as (
                insert into platform.outbox(number, id, topic, payload, due)
                select number, id, topic, payload, due from due returning topic)
            select topic from moved
            """;

    private static final String TOPICS = """
            select topic, sum(waiting), coalesce(max(oldest), 0), sum(dead) from (
                select topic, count(*) waiting, extract(epoch from now() - min(due) filter (where due <= now())) oldest, 0 dead
                    from outbox group by topic
                union all select topic, count(*), 0, 0 from outbox_later group by topic
                union all select topic, 0, 0, count(*) from outbox_dead group by topic) each
            group by topic order by topic limit ?
            """;

    private final OutboxSettings settings;
    private final Connections connections;
    private final Claims claims;
    private final Wakes wakes;
    private final Parts parts;
    private final Uuid7 ids = Uuid7.system();
    private final Map<String, Consumption> consumptions = new HashMap<>();
    private final LongAdder handled = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread maintenance;
    private volatile OutboxState state = OutboxState.EMPTY;

    private Outboxes(Database database, OutboxSettings settings) {
        this.settings = settings;
        this.connections = database.connections("outbox", SCHEMA, settings.connectionsMax());
        this.claims = new Claims(connections, settings);
        this.parts = new Parts(connections, settings.partitionEvery());
        parts.maintain();
        this.wakes = new Wakes(database, database.connections("outbox-notify", SCHEMA, 1), settings.notifyEvery());
        this.maintenance = Thread.ofVirtual().name("outbox-maintenance").start(this::maintain);
    }

    /** Opens the outbox of a database whose schema {@code platform} is up to date, on connections of its own. */
    public static Outboxes open(Database database, OutboxSettings settings) {
        return new Outboxes(database, settings);
    }

    @Override
    public void add(Connection connection, List<OutboxMessage> messages) throws SQLException {
        for (OutboxMessage each : messages) {
            demandFits(each);
        }
        List<OutboxMessage> soon =
                messages.stream().filter(it -> it.due().isEmpty()).toList();
        for (int from = 0; from < soon.size(); from += ROWS_MAX) {
            addSoon(connection, soon.subList(from, Math.min(soon.size(), from + ROWS_MAX)));
        }
        for (OutboxMessage each : messages) {
            if (each.due().isPresent()) {
                Sql.update(
                        connection,
                        ADD_LATER,
                        ids.next(),
                        each.topic(),
                        each.payload(),
                        each.due().get().toString());
            }
        }
        soon.stream().map(OutboxMessage::topic).distinct().forEach(topic -> AfterCommit.run(() -> wakes.wake(topic)));
    }

    @Override
    public Handling consume(String topic, Connections work, Transacted handler) {
        return begin(
                topic,
                claimed -> work.<Boolean, Exception>transaction(c -> {
                    if (Claims.remove(c, claimed)) { // locks it: whoever else wants it waits, and finds it gone
                        handler.handle(c, claimed.delivery());
                    }
                    return true;
                }));
    }

    @Override
    public Handling consume(String topic, Leased handler) {
        return begin(topic, claimed -> {
            handler.handle(claimed.delivery());
            claims.remove(claimed);
        });
    }

    @Override
    public List<DeadLetter> deadLetters(String topic, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                Outboxes::deadLetter,
                "select id, topic, attempts, died, error from outbox_dead where topic = ? order by died desc limit ?",
                topic,
                most));
    }

    @Override
    public List<TopicState> topics() {
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> new TopicState(row.getString(1), row.getLong(2), seconds(row, 3), row.getLong(4)),
                TOPICS,
                TOPICS_MAX));
    }

    @Override
    public boolean replay(UUID id, Note note) {
        return replayed(connections.transaction(c -> back(c, note, "id = ?", id))) == 1;
    }

    @Override
    public int replayAll(String topic, int most, Note note) {
        return replayed(connections.transaction(c -> back(
                c,
                note,
                "number in (select number from outbox_dead where topic = ? order by number limit ? for update skip locked)",
                topic,
                most)));
    }

    /** How the outbox was a few seconds ago. */
    public OutboxState state() {
        return state;
    }

    /** How many messages this node has handled since it started. */
    public long handled() {
        return handled.sum();
    }

    /** How many attempts have failed on this node since it started. */
    public long failed() {
        return failed.sum();
    }

    /** Whether what is due is handled in time; dead letters are told by a metric. */
    public boolean isWell() {
        return state.oldestDue().compareTo(settings.alarmAfter()) < 0;
    }

    /** Ends the messages that are being handled, within bounds; the others stay for the next start or another node. */
    @Override
    public void close() {
        closing.countDown();
        List<Consumption> all;
        synchronized (consumptions) {
            all = List.copyOf(consumptions.values());
        }
        all.forEach(Consumption::end);
        all.forEach(Consumption::close);
        wakes.close();
        try {
            maintenance.join(END_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moves what has become due, looks after the table's parts, and looks at how the outbox is. */
    void maintainOnce() {
        parts.maintain();
        connections.autoCommit(c -> Sql.query(c, row -> row.getString(1), MOVE, ROWS_MAX)).stream()
                .distinct()
                .forEach(wakes::wake);
        state = connections.autoCommit(Outboxes::look);
    }

    private Handling begin(String topic, Consumption.Work work) {
        OutboxMessage.demandTopic(topic);
        synchronized (consumptions) {
            if (consumptions.containsKey(topic)) {
                throw new IllegalStateException("topic " + topic + " has its consumer already");
            }
            Consumption consumption = new Consumption(topic, claims, wakes, settings, work, handled, failed);
            consumptions.put(topic, consumption);
            return new OfThisNode(topic, consumption);
        }
    }

    /** What {@link #consume} gives. */
    private final class OfThisNode implements Handling {
        private final String topic;
        private final Consumption consumption;

        OfThisNode(String topic, Consumption consumption) {
            this.topic = topic;
            this.consumption = consumption;
        }

        @Override
        public Figures figures() {
            return consumption.figures();
        }

        @Override
        public void close() {
            consumption.close();
            synchronized (consumptions) {
                consumptions.remove(topic, consumption);
            }
        }
    }

    private void maintain() {
        do {
            try {
                maintainOnce();
            } catch (StoreUnavailable e) {
                LOG.warn("event=outbox-maintained-later reason=\"{}\"", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("event=outbox-maintenance-failed", e);
            }
        } while (!isClosing());
    }

    private boolean isClosing() {
        try {
            return closing.await(settings.pollEvery().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the outbox's maintenance", e);
        }
    }

    private void addSoon(Connection connection, List<OutboxMessage> messages) throws SQLException {
        if (messages.isEmpty()) {
            return;
        }
        Sql.update(
                connection,
                ADD,
                messages.stream().map(_ -> ids.next()).toArray(UUID[]::new),
                messages.stream().map(OutboxMessage::topic).toArray(String[]::new),
                messages.stream().map(it -> it.orderingKey().orElse(null)).toArray(String[]::new),
                messages.stream().map(OutboxMessage::payload).toArray(String[]::new));
    }

    private void demandFits(OutboxMessage message) {
        int bytes = message.payload().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > settings.payloadMax().bytes()) {
            throw new IllegalArgumentException(
                    "a message for " + message.topic() + " has " + bytes + " bytes, more than outbox.payload-max");
        }
    }

    private List<String> back(Connection connection, Note note, String which, @Nullable Object... parameters)
            throws SQLException {
        List<String> topics = Sql.query(connection, row -> row.getString(1), """
                with back as (delete from outbox_dead where %s returning *)
                insert into outbox(number, id, topic, ordering_key, payload, due)
                select number, id, topic, ordering_key, payload, now() from back returning topic
                """.formatted(which), parameters);
        if (!topics.isEmpty()) {
            note.write(connection, topics.getFirst(), topics.size());
        }
        return topics;
    }

    private int replayed(List<String> topics) {
        topics.stream().distinct().forEach(wakes::wake);
        return topics.size();
    }

    private static DeadLetter deadLetter(ResultSet row) throws SQLException {
        Instant died = row.getObject(4, OffsetDateTime.class).toInstant();
        return new DeadLetter(row.getObject(1, UUID.class), row.getString(2), row.getInt(3), died, row.getString(5));
    }

    private static OutboxState look(Connection connection) throws SQLException {
        Optional<OutboxState> found = Sql.first(
                connection,
                row -> new OutboxState(
                        row.getLong(1), seconds(row, 2), row.getLong(3), row.getLong(4), seconds(row, 5)),
                """
                select (select count(*) from outbox) + (select count(*) from outbox_later),
                    (select coalesce(extract(epoch from now() - min(due)), 0) from outbox where due <= now()),
                    (select count(*) from outbox_dead),
                    (select count(*) from pg_inherits where inhparent = 'outbox'::regclass),
                    (select coalesce(extract(epoch from clock_timestamp() - min(xact_start)), 0)
                        from pg_stat_activity where backend_xmin is not null and pid <> pg_backend_pid())
                """);
        return found.orElse(OutboxState.EMPTY);
    }

    private static Duration seconds(ResultSet row, int column) throws SQLException {
        return Duration.ofMillis(Math.max(0, Math.round(row.getDouble(column) * 1_000)));
    }
}
