package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tg.gouv.messagerie.mail.queue.QueueAct;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.database.Sql;

/** Mail that was put aside because it could not be delivered, as operators direct it. */
public final class OperatedErrors extends OperatedRows {
    /** Back to the queue as mail that nobody has tried yet; its body is named by both rows for a moment. */
    private static final String ANEW = """
            insert into queue_mail(id, queue, priority, due, enqueued, has_message, header, body_id, size_bytes, name, sender,
                recipients, state, error_message, remote_host, remote_addr, last_updated, attributes, recipient_headers)
            select id, 'spool', 5, ?, stored, has_message, header, body_id, size_bytes, name, sender,
                recipients, ?, error_message, remote_host, remote_addr, last_updated, attributes, recipient_headers
            from repository_mail where id = any(?) and cardinality(recipients) > 0 returning id
            """;

    private final PostgresMailQueues queues;

    /** The error repository beside these queues. */
    public OperatedErrors(PostgresMailQueues queues, AuditTrail trail) {
        super(queues.ground(), trail);
        this.queues = queues;
    }

    @Override
    public String name() {
        return "errors";
    }

    @Override
    String table() {
        return "repository_mail";
    }

    @Override
    String accepted() {
        return "stored";
    }

    @Override
    String state(Instant now) {
        return "'ASIDE'";
    }

    @Override
    String remaining() {
        return "q.recipients";
    }

    @Override
    String progress() {
        return "q.stored as next_try, 0 as attempts, 0 as interrupted";
    }

    @Override
    List<UUID> change(Connection c, QueueAct act, UUID[] locked, Instant now) throws SQLException {
        return switch (act) {
            case HOLD, RELEASE -> List.of(); // it goes nowhere by itself
            case RETRY -> moved(c, locked, "root", now);
            case BOUNCE -> moved(c, locked, OperatedSpool.RETURNED, now);
            case DELETE -> {
                PostgresMailRepository.delete(c, now, "id = any(?)", (Object) locked);
                yield List.of(locked);
            }
        };
    }

    private static List<UUID> moved(Connection c, UUID[] locked, String state, Instant now) throws SQLException {
        List<UUID> moved = ids(c, ANEW, QueueRows.at(now), state, locked);
        Sql.update(c, "delete from repository_mail where id = any(?)", (Object) moved.toArray(UUID[]::new));
        return moved;
    }

    @Override
    void changed(QueueAct act) {
        if (act == QueueAct.RETRY || act == QueueAct.BOUNCE) {
            queues.wake();
        }
    }
}
