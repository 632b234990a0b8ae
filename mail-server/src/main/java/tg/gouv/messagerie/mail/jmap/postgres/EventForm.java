package tg.gouv.messagerie.mail.jmap.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.apache.james.eventsourcing.AggregateId;
import org.apache.james.eventsourcing.Event;
import org.apache.james.eventsourcing.EventId;

/** How events of one kind are written down. */
interface EventForm {
    /** An event as it is stored. */
    record Written(String type, JsonNode body) {}

    /** The key of an aggregate, if its events are of this kind. */
    Optional<String> key(AggregateId aggregate);

    Written write(Event event);

    Event read(AggregateId aggregate, EventId id, Written written);
}
