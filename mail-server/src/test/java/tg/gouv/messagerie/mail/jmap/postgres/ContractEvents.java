package tg.gouv.messagerie.mail.jmap.postgres;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;
import org.apache.james.eventsourcing.AggregateId;
import org.apache.james.eventsourcing.Event;
import org.apache.james.eventsourcing.EventId;
import org.apache.james.eventsourcing.TestAggregateId;
import org.apache.james.eventsourcing.TestEvent;
import org.apache.james.eventsourcing.eventstore.EventStore;
import tg.gouv.messagerie.mail.Owners;
import tg.gouv.messagerie.platform.database.Connections;

/** An event store that knows the events of James's contract. */
public final class ContractEvents {
    private ContractEvents() {}

    /** On connections of the schema {@code mail}. */
    public static EventStore store(Connections connections, Owners owners) {
        return new PostgresEventStore(new JmapConnections(connections, owners), List.of(new TestEvents()));
    }

    private static final class TestEvents implements EventForm {
        @Override
        public Optional<String> key(AggregateId aggregate) {
            return aggregate instanceof TestAggregateId test ? Optional.of(test.asAggregateKey()) : Optional.empty();
        }

        @Override
        public Written write(Event event) {
            return new Written("test", new TextNode(((TestEvent) event).data()));
        }

        @Override
        public Event read(AggregateId aggregate, EventId id, Written written) {
            return new TestEvent(id, (TestAggregateId) aggregate, written.body().asText());
        }
    }
}
