package tg.gouv.messagerie.mail.jmap.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.james.eventsourcing.AggregateId;
import org.apache.james.eventsourcing.Event;
import org.apache.james.eventsourcing.EventId;
import org.apache.james.eventsourcing.eventstore.EventStore;
import org.apache.james.eventsourcing.eventstore.EventStoreFailedException;
import org.apache.james.eventsourcing.eventstore.History;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import scala.collection.Iterable;
import scala.jdk.javaapi.CollectionConverters;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * Things that are the sum of their events, one row an event; durable when a call completes. Of two who write the same event at
 * once one is refused. An event that says everything anew replaces those before it.
 */
final class PostgresEventStore implements EventStore {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JmapConnections connections;
    private final List<EventForm> forms;

    PostgresEventStore(JmapConnections connections, List<EventForm> forms) {
        this.connections = connections;
        this.forms = forms;
    }

    private record Keyed(EventForm form, String key) {}

    private Keyed keyed(AggregateId aggregate) {
        return forms.stream()
                .flatMap(form -> form.key(aggregate).map(key -> new Keyed(form, key)).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no form for events of " + aggregate.getClass()));
    }

    @Override
    public Publisher<Void> appendAll(Iterable<Event> events) {
        List<Event> all = List.copyOf(CollectionConverters.asJavaCollection(events));
        if (all.isEmpty()) {
            return Mono.empty();
        }
        AggregateId aggregate = all.getFirst().getAggregateId();
        if (all.stream().anyMatch(event -> !event.getAggregateId().equals(aggregate))) {
            return Mono.error(new IllegalArgumentException("events of several aggregates"));
        }
        return connections.laterDone(() -> {
            Keyed keyed = keyed(aggregate);
            connections.transaction(c -> {
                for (Event event : all) {
                    append(c, keyed, event);
                }
                return all;
            });
        });
    }

    private static void append(Connection c, Keyed keyed, Event event) throws SQLException {
        EventForm.Written written = keyed.form().write(event);
        int id = event.eventId().value();
        int inserted = Sql.update(
                c,
                "insert into event(aggregate, event_id, type, body) values (?, ?, ?, ?::jsonb) on conflict do nothing",
                keyed.key(),
                id,
                written.type(),
                written.body().toString().replace("\\u0000", ""));
        if (inserted == 0) {
            throw new EventStoreFailedException("Event " + id + " of " + keyed.key() + " is written already");
        }
        if (event.isASnapshot()) {
            Sql.update(c, "delete from event where aggregate = ? and event_id < ?", keyed.key(), id);
        }
    }

    @Override
    public Publisher<History> getEventsOfAggregate(AggregateId aggregate) {
        Objects.requireNonNull(aggregate);
        return connections.later(() -> {
            Keyed keyed = keyed(aggregate);
            List<Event> events = new ArrayList<>(connections.run(c -> Sql.query(
                    c,
                    row -> keyed.form()
                            .read(
                                    aggregate,
                                    EventId.fromSerialized(row.getInt("event_id")),
                                    written(row.getString("type"), row.getString("body"))),
                    "select event_id, type, body from event where aggregate = ? order by event_id",
                    keyed.key())));
            return History.of(CollectionConverters.asScala(events).toList());
        });
    }

    private static EventForm.Written written(String type, String body) {
        try {
            return new EventForm.Written(type, JSON.readTree(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event: " + body, e);
        }
    }

    @Override
    public Publisher<Void> remove(AggregateId aggregate) {
        return connections.laterDone(() -> connections.run(c -> Sql.update(
                c, "delete from event where aggregate = ?", keyed(aggregate).key())));
    }
}
