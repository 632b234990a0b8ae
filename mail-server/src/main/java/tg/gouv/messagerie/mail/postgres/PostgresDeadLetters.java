package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.james.events.Event;
import org.apache.james.events.EventDeadLetters;
import org.apache.james.events.EventSerializer;
import org.apache.james.events.Group;
import org.apache.james.mailbox.exception.MailboxException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * Events that a listener could not handle, after every try; each is told in the log when it is kept, at level ERROR.
 *
 * <p>What is kept is bounded: the oldest go. James does not say when keeping one fails, so that is told in the log too.
 */
final class PostgresDeadLetters implements EventDeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresDeadLetters.class);

    private final MailConnections connections;
    private final EventSerializer serializer;
    private final Clock clock;
    private final int most;
    private final AtomicLong kept;

    /**
     * Keeps events as this serializer writes them.
     *
     * @param kept is told how many there are, whenever that is known
     */
    PostgresDeadLetters(
            MailConnections connections, EventSerializer serializer, Clock clock, int most, AtomicLong kept) {
        this.connections = connections;
        this.serializer = serializer;
        this.clock = clock;
        this.most = most;
        this.kept = kept;
    }

    @Override
    public Mono<InsertionId> store(Group listener, Event event) {
        demand(listener, REGISTERED_GROUP_CANNOT_BE_NULL);
        demand(event, FAIL_DELIVERED_EVENT_CANNOT_BE_NULL);
        InsertionId id = InsertionId.random();
        return connections
                .later(() -> {
                    long now = keep(id, listener, serializer.toJson(event));
                    kept.set(now);
                    LOG.error(
                            "event=dead_letter id={} listener={} kind={} kept={}",
                            id.asString(),
                            listener.asString(),
                            event.getClass().getSimpleName(),
                            now);
                    return id;
                })
                .doOnError(e -> LOG.error(
                        "event=dead_letter_lost listener={} kind={}",
                        listener.asString(),
                        event.getClass().getSimpleName(),
                        e));
    }

    private long keep(InsertionId id, Group listener, String event) throws MailboxException {
        return connections.transaction(c -> {
            Sql.update(
                    c,
                    "insert into event_dead_letter(id, listener, event, since) values (?, ?, ?, ?)",
                    id.getId(),
                    listener.asString(),
                    Text.clean(event),
                    clock.instant().atOffset(ZoneOffset.UTC));
            int gone = Sql.update(
                    c,
                    "delete from event_dead_letter where id in"
                            + " (select id from event_dead_letter order by since desc, id desc offset ?)",
                    most);
            if (gone > 0) {
                LOG.warn("event=dead_letters_removed count={} most={}", gone, most);
            }
            return count(c);
        });
    }

    /** How many there are. */
    static long count(Connection c) throws SQLException {
        return Sql.first(c, row -> row.getLong(1), "select count(*) from event_dead_letter")
                .orElseThrow();
    }

    @Override
    public Mono<Void> remove(Group listener, InsertionId id) {
        demand(listener, REGISTERED_GROUP_CANNOT_BE_NULL);
        demand(id, FAIL_DELIVERED_ID_INSERTION_CANNOT_BE_NULL);
        return removed("delete from event_dead_letter where listener = ? and id = ?", listener.asString(), id.getId());
    }

    @Override
    public Mono<Void> remove(Group listener) {
        demand(listener, REGISTERED_GROUP_CANNOT_BE_NULL);
        return removed("delete from event_dead_letter where listener = ?", listener.asString());
    }

    private Mono<Void> removed(String delete, Object... parameters) {
        return connections
                .later(() -> {
                    kept.set(connections.transaction(c -> {
                        Sql.update(c, delete, parameters);
                        return count(c);
                    }));
                    return true;
                })
                .then();
    }

    @Override
    public Mono<Event> failedEvent(Group listener, InsertionId id) {
        demand(listener, REGISTERED_GROUP_CANNOT_BE_NULL);
        demand(id, FAIL_DELIVERED_ID_INSERTION_CANNOT_BE_NULL);
        return connections
                .later(() -> connections.run(c -> Sql.first(
                        c,
                        row -> row.getString(1),
                        "select event from event_dead_letter where listener = ? and id = ?",
                        listener.asString(),
                        id.getId())))
                .flatMap(Mono::justOrEmpty)
                .map(serializer::asEvent);
    }

    @Override
    public Flux<InsertionId> failedIds(Group listener) {
        demand(listener, REGISTERED_GROUP_CANNOT_BE_NULL);
        return connections.laterEach(() -> connections.run(c -> Sql.query(
                c,
                row -> InsertionId.of(row.getObject(1, UUID.class)),
                "select id from event_dead_letter where listener = ? order by since, id",
                listener.asString())));
    }

    /** The listeners that failed; one that this program does not have any more is left out. */
    @Override
    public Flux<Group> groupsWithFailedEvents() {
        return connections
                .laterEach(() -> connections.<List<String>>run(
                        c -> Sql.query(c, row -> row.getString(1), "select distinct listener from event_dead_letter")))
                .flatMap(name -> Mono.justOrEmpty(group(name)));
    }

    private static Optional<Group> group(String name) {
        try {
            return Optional.of(Group.deserialize(name));
        } catch (Group.GroupDeserializationException e) {
            LOG.warn("event=dead_letter_of_unknown_listener listener={}", name);
            return Optional.empty();
        }
    }

    @Override
    public Mono<Boolean> containEvents() {
        return connections.later(() -> connections
                .run(c -> Sql.first(c, row -> 1, "select from event_dead_letter limit 1"))
                .isPresent());
    }

    private static void demand(@Nullable Object value, String otherwise) {
        if (value == null) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
