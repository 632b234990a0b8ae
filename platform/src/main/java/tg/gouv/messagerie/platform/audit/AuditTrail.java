package tg.gouv.messagerie.platform.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Where what the State must be able to tell is written down; may be called from any thread that may block. */
public interface AuditTrail {
    /** Writes an event in the transaction of the act: both are durable together, or neither happened. */
    default void record(Connection connection, AuditEvent event) throws SQLException {
        record(connection, List.of(event));
    }

    /** Writes the events of an act in its transaction, in their order. */
    void record(Connection connection, List<? extends AuditEvent> events) throws SQLException;

    /**
     * Writes an event by itself; durable when this returns.
     *
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer; nothing was written
     */
    void record(AuditEvent event);

    /**
     * Takes note of an event that comes often, and returns at once. Equal events of an interval are one row with their number:
     * the first is durable within seconds, those that follow it at the end of the interval. What was not written yet is lost
     * when the machine or the process dies, and only then.
     */
    void count(AuditEvent.Frequent event);
}
