package tg.gouv.messagerie.platform.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;

/** The trail for a command beside the program: what it writes is sealed by the program that runs, or by the next one. */
public final class UnsealedTrail implements AuditTrail {
    private final Connections connections;
    private final Uuid7 ids = Uuid7.system();

    /**
     * A trail that seals nothing.
     *
     * @param connections of any schema; {@code platform} is up to date
     */
    public UnsealedTrail(Connections connections) {
        this.connections = connections;
    }

    @Override
    public void record(Connection connection, List<? extends AuditEvent> events) throws SQLException {
        Recorder.write(
                connection, events.stream().map(it -> Row.of(ids.next(), it)).toList());
    }

    @Override
    public void record(AuditEvent event) {
        connections.transaction(c -> {
            record(c, List.of(event));
            return event;
        });
    }

    @Override
    public void count(AuditEvent.Frequent event) {
        record(event);
    }

    /**
     * Makes rows that wait for their seal wait again, after they were brought into another database: transactions are numbered
     * anew there.
     */
    public static void settle(Connection connection) throws SQLException {
        Sql.update(connection, "update platform.audit_pending set xid = pg_current_xact_id()");
    }
}
