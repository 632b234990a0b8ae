package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import tg.gouv.messagerie.platform.backup.DeletionHold;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * Whoever stops naming a body (a message that goes with its last mailbox, a queue row that was delivered) puts the body in
 * released, in the same transaction, without asking whether others name it: that question would need a lock on the body.
 * The sweep asks, when the retention is over. It locks the entries of released, then the bodies FOR UPDATE, and only then, in a
 * new statement that sees everything committed before, removes the bodies that the view named_body does not show.
 *
 * Who may name a body anew while it is swept?
 * - A COPY names a message, not a body. While the message exists its body is named and the sweep keeps it; when the
 *   message is gone there is nothing to copy (Expunging).
 * - A delivery names the body of its queue row, which still exists: the body is named all the time.
 * - A restore names a body that is in released. The foreign key takes FOR KEY SHARE on the body, which conflicts with our FOR
 *   UPDATE: either the restore commits first, and the sweep, looking after its lock, sees the body named; or the sweep
 *   commits first, and the restore's foreign key fails: too late, and it learns so.
 * - A body whose namer is still uncommitted when it releases: the namer waits for our lock on the entry of released, and makes
 *   a new entry when we are done. Nothing is forgotten; since starts anew whenever a body is released again.
 * The foreign keys of message and queue stand behind all this: a body that is named cannot be deleted, whatever we got wrong.
 *
 * The queue and the mail repositories name bodies too (V004). A further table is added by a later migration: a foreign key and an
 * index on its body_id, and its line in the view named_body. A table that is missing there does no harm by itself: its foreign key
 * makes the sweep fail, and nothing is removed.
 *
 * An object is written before the row that names it. A crash in between leaves an object of no body: it is in arriving_object,
 * which was committed before the object was begun (Bodies), and is found there a day later.
 *
 * An entry whose body is still named is simply dropped: the last one who stops naming it makes another.
 * Objects are deleted after the commit, from a table filled in it, so that a crash in between loses nothing and leaves
 * nothing: deleting an object twice is no error. No connection is held meanwhile. Two sweeps at once share the work. While a
 * backup is made, on whatever node, objects stay: its rows may name them still (DeletionHold).
 */
/** The bodies that something stopped naming, kept for the retention, then removed with their objects. */
public final class ReleasedBodies {
    /** One transaction's worth: short locks. */
    private static final int BATCH = 500;

    /** No object takes longer from its beginning to the commit that names it. */
    private static final Duration ARRIVAL_MAX = Duration.ofDays(1);

    private final Connections connections;
    private final Blobs blobs;
    private final Duration retention;
    private final Clock clock;

    /**
     * A sweeper of the schema {@code mail}.
     *
     * @param connections of the schema {@code mail}
     */
    public ReleasedBodies(Connections connections, Blobs blobs, StoreSettings settings, Clock clock) {
        this.connections = connections;
        this.blobs = blobs;
        this.retention = settings.bodyRetention();
        this.clock = clock;
    }

    /**
     * Notes, inside the caller's transaction, that the caller stops naming bodies; others may name them still.
     *
     * @param bodies of any number, repeated or not
     */
    static void release(Connection c, Collection<UUID> bodies, Instant now) throws SQLException {
        if (!bodies.isEmpty()) {
            Sql.update(
                    c,
                    "insert into released(body_id, since)"
                            + " select id, ? from unnest(?::uuid[]) as b(id) group by id order by id"
                            + " on conflict (body_id) do update set since = excluded.since",
                    now.atOffset(ZoneOffset.UTC),
                    bodies.toArray(UUID[]::new));
        }
    }

    /**
     * Removes the bodies that nothing has named for the retention, with their objects, and objects of no body that a crash left.
     *
     * @return how many bodies were removed
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer; the next sweep goes on
     * @throws tg.gouv.messagerie.platform.blobs.BlobsUnavailable if objects cannot be deleted; the next sweep goes on
     */
    public int sweep() {
        Instant before = clock.instant().minus(retention);
        int removed = 0;
        Swept swept;
        do {
            swept = connections.transaction(c -> removeBodies(c, before));
            removed += swept.removed();
        } while (swept.seen() == BATCH);
        Instant arrivedBefore = clock.instant().minus(ARRIVAL_MAX);
        while (findOrphans(arrivedBefore) == BATCH) {
            // until none is left
        }
        while (deleteObjects() == BATCH) {
            // until none is left
        }
        return removed;
    }

    private record Swept(int seen, int removed) {}

    private static Swept removeBodies(Connection c, Instant before) throws SQLException {
        UUID[] candidates = Sql.query(
                        c,
                        row -> row.getObject(1, UUID.class),
                        "select body_id from released where since <= ? order by body_id limit " + BATCH
                                + " for update skip locked",
                        before.atOffset(ZoneOffset.UTC))
                .toArray(UUID[]::new);
        if (candidates.length == 0) {
            return new Swept(0, 0);
        }
        Sql.query(c, row -> 1, "select from body where id = any(?) order by id for update", (Object) candidates);
        int removed = Sql.query(c, row -> 1, """
                        with gone as (
                            delete from body b where b.id = any(?)
                                and not exists (select from named_body n where n.body_id = b.id)
                            returning b.object),
                        unnamed as (
                            insert into unnamed_object(object) select object from gone where object is not null
                            on conflict do nothing)
                        select from gone""", (Object) candidates).size();
        Sql.update(c, "delete from released where body_id = any(?)", (Object) candidates);
        return new Swept(candidates.length, removed);
    }

    private int findOrphans(Instant before) {
        return connections
                .autoCommit(
                        c -> Sql.first(c, row -> row.getInt(1), """
                        with arrived as (
                            delete from arriving_object where object in (
                                select object from arriving_object where since <= ? order by object limit %d
                                for update skip locked)
                            returning object),
                        orphans as (
                            insert into unnamed_object(object)
                            select object from arrived a where not exists (select from body b where b.object = a.object)
                            on conflict do nothing)
                        select count(*) from arrived""".formatted(BATCH), before.atOffset(ZoneOffset.UTC)))
                .orElseThrow();
    }

    private int deleteObjects() {
        List<UUID> objects = connections.transaction(c -> DeletionHold.allowsDeletion(c)
                ? Sql.query(c, row -> row.getObject(1, UUID.class), "select object from unnamed_object limit " + BATCH)
                : List.of());
        for (UUID object : objects) {
            blobs.delete(new BlobId(object));
        }
        if (!objects.isEmpty()) {
            connections.autoCommit(c -> Sql.update(
                    c, "delete from unnamed_object where object = any(?)", (Object) objects.toArray(UUID[]::new)));
        }
        return objects.size();
    }
}
