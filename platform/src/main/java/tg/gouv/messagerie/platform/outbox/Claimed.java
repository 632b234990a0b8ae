package tg.gouv.messagerie.platform.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * A message that a worker has taken.
 *
 * @param made in which part of the table it is
 * @param claim the worker's claim; a message that was claimed again has another one
 */
record Claimed(OffsetDateTime made, long number, UUID claim, Delivery delivery) {
    static final String COLUMNS = "o.made, o.number, o.claim, o.id, o.topic, o.ordering_key, o.payload, o.attempts";

    static Claimed read(ResultSet row) throws SQLException {
        return new Claimed(
                row.getObject(1, OffsetDateTime.class),
                row.getLong(2),
                row.getObject(3, UUID.class),
                new Delivery(
                        row.getObject(4, UUID.class),
                        row.getString(5),
                        Optional.ofNullable(row.getString(6)),
                        row.getString(7),
                        row.getInt(8)));
    }

    Optional<String> key() {
        return delivery.orderingKey();
    }
}
