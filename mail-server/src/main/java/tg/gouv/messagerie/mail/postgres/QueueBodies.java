package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * A body may be named by several rows: a mail that is enqueued again names the body it has. Who removes rows locks their bodies
 * FOR UPDATE in that statement and asks only in the next one, which sees everything committed before the lock was had, whether
 * somebody still names them: so of two that let go at once the second removes the body. Who names a body anew takes FOR KEY SHARE
 * on it by the foreign key, waits for such a lock, and learns (23503) if it came too late.
 */
/** What happens to bodies when the rows that named them are gone. */
final class QueueBodies {
    private static final int BATCH = 500;

    private final Connections connections;
    private final Blobs blobs;
    private final Clock clock;
    private final Duration retention;

    QueueBodies(Connections connections, Blobs blobs, Clock clock, Duration retention) {
        this.connections = connections;
        this.blobs = blobs;
        this.clock = clock;
        this.retention = retention;
    }

    /**
     * Removes rows that name bodies, then the bodies that nobody names any more; inside a transaction.
     *
     * @param delete a statement {@code delete … returning id, body_id}
     * @return how many rows were removed
     */
    static int remove(Connection c, Instant now, String delete, Object... parameters) throws SQLException {
        List<Removed> removed = lock(c, delete, parameters);
        release(c, now, removed);
        return removed.size();
    }

    /** Removes rows and locks their bodies; {@link #release} must follow in the same transaction. */
    static List<Removed> lock(Connection c, String delete, Object... parameters) throws SQLException {
        return Sql.query(
                c,
                row -> new Removed(row.getObject(1, UUID.class), row.getObject(2, UUID.class)),
                "with gone as (" + delete + "),"
                        + " locked as (select b.id from body b where b.id in (select body_id from gone)"
                        + " order by b.id for update)"
                        + " select gone.id, gone.body_id from gone left join locked on locked.id = gone.body_id",
                parameters);
    }

    /** Removes the bodies that nobody names any more; their objects are deleted when the retention is over. */
    static void release(Connection c, Instant now, List<Removed> removed) throws SQLException {
        if (removed.isEmpty()) {
            return;
        }
        UUID[] bodies = removed.stream().map(Removed::body).distinct().toArray(UUID[]::new);
        Sql.update(c, """
                with gone as (
                    delete from body b where b.id = any(?)
                        and not exists (select from body_name n where n.body_id = b.id)
                    returning b.object)
                insert into queue_object(object, since) select object, ? from gone where object is not null
                """, bodies, now.atOffset(ZoneOffset.UTC));
    }

    /** A row that is gone and the body it named. */
    record Removed(UUID id, UUID body) {}

    /**
     * Deletes the objects whose retention is over.
     *
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer; the next sweep goes on
     * @throws tg.gouv.messagerie.platform.blobs.BlobsUnavailable if objects cannot be deleted; the next sweep goes on
     */
    void sweep() {
        Instant before = clock.instant().minus(retention);
        while (deleteObjects(before) == BATCH) {
            // until none is left
        }
    }

    private int deleteObjects(Instant before) {
        List<UUID> objects = connections.autoCommit(c -> Sql.query(
                c,
                row -> row.getObject(1, UUID.class),
                "select object from queue_object where since <= ? order by since limit " + BATCH,
                before.atOffset(ZoneOffset.UTC)));
        // The object first: a crash in between leaves a row whose object is deleted again, which is no error.
        objects.forEach(object -> blobs.delete(new BlobId(object)));
        if (!objects.isEmpty()) {
            connections.autoCommit(c -> Sql.update(
                    c, "delete from queue_object where object = any(?)", (Object) objects.toArray(UUID[]::new)));
        }
        return objects.size();
    }
}
