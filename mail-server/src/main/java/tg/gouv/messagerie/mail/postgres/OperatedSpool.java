package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tg.gouv.messagerie.mail.queue.QueueAct;
import tg.gouv.messagerie.platform.audit.AuditTrail;

/*
 * What is being worked on is left to whoever works on it, except that it may be deleted, and that it is held should it fail. What is
 * only claimed is taken back: its lease is gone before work on it begins (QueueRows.begin).
 */
/** Accepted mail that waits for its delivery, as operators direct it. */
public final class OperatedSpool extends OperatedRows {
    /** The processor of mail that an operator returns; its sender is told there. */
    public static final String RETURNED = "returned";

    private static final String TAKEN_BACK =
            "lease_node = null, lease_life = null, lease = null, lease_until = null, begun = null";

    private final PostgresMailQueues queues;

    /** The mail of these queues. */
    public OperatedSpool(PostgresMailQueues queues, AuditTrail trail) {
        super(queues.ground(), trail);
        this.queues = queues;
    }

    @Override
    public String name() {
        return "delivery";
    }

    @Override
    String table() {
        return "queue_mail";
    }

    @Override
    String accepted() {
        return "enqueued";
    }

    @Override
    String state(Instant now) {
        return "case when q.held_since is not null then 'HELD' when q.begun is not null then 'WORKED_ON'"
                + " when q.due > '" + now + "' then 'DELAYED' else 'WAITING' end";
    }

    @Override
    String remaining() {
        return "array(select r from unnest(q.recipients) with ordinality as rs(r, place) where not exists"
                + " (select from delivered d where d.queue_id = q.id and d.recipient = lower(r)) order by place)";
    }

    @Override
    String progress() {
        return "q.due as next_try, q.attempts, q.interrupted";
    }

    @Override
    List<UUID> change(Connection c, QueueAct act, UUID[] locked, Instant now) throws SQLException {
        return switch (act) {
            case HOLD ->
                ids(
                        c,
                        "update queue_mail set held_since = ?, lease = case when begun is null then null else lease end,"
                                + " lease_until = case when begun is null then null else lease_until end"
                                + " where id = any(?) and held_since is null returning id",
                        QueueRows.at(now),
                        locked);
            case RELEASE ->
                ids(
                        c,
                        "update queue_mail set held_since = null where id = any(?) and held_since is not null"
                                + " returning id",
                        (Object) locked);
            case RETRY ->
                ids(
                        c,
                        "update queue_mail set due = least(due, ?) where id = any(?) and held_since is null"
                                + " and begun is null returning id",
                        QueueRows.at(now),
                        locked);
            case DELETE -> {
                QueueRows.remove(c, "id = any(?)", now, (Object) locked);
                yield List.of(locked);
            }
            case BOUNCE ->
                ids(
                        c,
                        "update queue_mail q set state = '" + RETURNED + "', recipients = " + remaining()
                                + ", held_since = null, due = ?, attempts = 0, " + TAKEN_BACK
                                + " where id = any(?) and begun is null returning id",
                        QueueRows.at(now),
                        locked);
        };
    }

    @Override
    void changed(QueueAct act) {
        if (act != QueueAct.HOLD && act != QueueAct.DELETE) {
            queues.wake();
        }
    }
}
