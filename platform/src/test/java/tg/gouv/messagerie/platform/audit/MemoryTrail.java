package tg.gouv.messagerie.platform.audit;

import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A trail in memory, for tests of those who write it; it knows nothing of transactions. */
public final class MemoryTrail implements AuditTrail {
    private final List<AuditEvent> events = new CopyOnWriteArrayList<>();

    /** What was recorded and counted, in its order. */
    public List<AuditEvent> events() {
        return events;
    }

    @Override
    public void record(Connection connection, List<? extends AuditEvent> recorded) {
        events.addAll(recorded);
    }

    @Override
    public void record(AuditEvent event) {
        events.add(event);
    }

    @Override
    public void count(AuditEvent.Frequent event) {
        events.add(event);
    }
}
