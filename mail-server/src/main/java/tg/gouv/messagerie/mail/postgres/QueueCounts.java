package tg.gouv.messagerie.mail.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * How many mails a queue holds now.
 *
 * @param ready that wait for somebody to take them
 * @param delayed whose time has not come
 * @param leased that somebody works on
 * @param held that wait for an operator: more than 0 is an alarm
 * @param oldestReady since when the oldest of the ready ones could be taken
 */
public record QueueCounts(long ready, long delayed, long leased, long held, Optional<Instant> oldestReady) {
    static QueueCounts read(ResultSet row) throws SQLException {
        return new QueueCounts(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                Optional.ofNullable(row.getObject(5, OffsetDateTime.class)).map(OffsetDateTime::toInstant));
    }
}
