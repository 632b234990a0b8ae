package tg.gouv.messagerie.platform.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * A claim is one short transaction: it counts the attempt and puts the message's date to the end of the lease, so that a worker
 * that dies gives it back by doing nothing.
 *
 * Order. Only the first message of a key, by number, can be claimed, and the ones right behind it by the same claim. Two claims
 * that see different messages as first (an act that did not wait for another one committed late) are kept apart by an advisory
 * lock on the key: the second looks again, under the lock, and finds the lease of the first.
 *
 * Poison. A message that was tried before is claimed alone: what it does to the process, it does to nobody else's attempts.
 */
/** What workers do to the table. */
final class Claims {
    /** With the key's own hash, a lock that nobody else uses. */
    private static final int LOCK = 0x6f75_7462;

    private static final String FIRST_OF_ITS_KEY = """
            (o.ordering_key is null or not exists (
                select 1 from platform.outbox e
                where e.topic = o.topic and e.ordering_key = o.ordering_key and e.number < o.number))
            """;

    private static final String NOBODY_WORKS_ON_ITS_KEY = """
            (o.ordering_key is null or not exists (
                select 1 from platform.outbox e
                where e.topic = o.topic and e.ordering_key = o.ordering_key and e.number <> o.number
                    and e.claim is not null and e.due > now()))
            """;

    private static final String FRESH =
            "select o.made::text, o.number, o.ordering_key from platform.outbox o where o.topic = ? and o.due <= now()"
                    + " and o.attempts = 0 and " + FIRST_OF_ITS_KEY
                    + " order by o.due, o.number limit ? for update skip locked";

    private static final String TRIED =
            "select o.made::text, o.number, o.ordering_key from platform.outbox o where o.topic = ? and o.due <= now()"
                    + " and o.attempts > 0 and " + FIRST_OF_ITS_KEY
                    + " order by o.due, o.number limit 1 for update skip locked";

    private static final String BEHIND = """
            select o.made::text, o.number, o.ordering_key, o.attempts = 0 and o.due <= now() from platform.outbox o
            where o.topic = ? and o.ordering_key = any(?) order by o.number limit ? for update
            """;

    private static final String TAKE = """
            update platform.outbox o
            set attempts = o.attempts + 1, claim = ?, due = clock_timestamp() + ? * interval '1 millisecond'
            from unnest(?::timestamptz[], ?::bigint[]) taken(made, number)
            where o.made = taken.made and o.number = taken.number and %s
            returning %s
            """.formatted(NOBODY_WORKS_ON_ITS_KEY, Claimed.COLUMNS);

    private final Connections connections;
    private final OutboxSettings settings;

    Claims(Connections connections, OutboxSettings settings) {
        this.connections = connections;
        this.settings = settings;
    }

    /** Claims messages that were never tried, those of a key together and in their order. */
    List<Claimed> fresh(String topic) {
        return connections.transaction(c -> {
            List<Seen> firsts = lockKeys(c, topic, Sql.query(c, Seen::read, FRESH, topic, settings.claimMax()));
            return take(c, firsts.size() < settings.claimMax() ? withThoseBehind(c, topic, firsts) : firsts);
        });
    }

    /** Claims one message that was tried before. */
    List<Claimed> tried(String topic) {
        return connections.transaction(c -> take(c, lockKeys(c, topic, Sql.query(c, Seen::read, TRIED, topic))));
    }

    /**
     * Removes a message, in a transaction of any schema.
     *
     * @return false if it is not this worker's any more
     */
    static boolean remove(Connection connection, Claimed claimed) throws SQLException {
        return Sql.update(
                        connection,
                        "delete from platform.outbox where made = ? and number = ? and claim = ?",
                        claimed.made(),
                        claimed.number(),
                        claimed.claim())
                == 1;
    }

    /** Removes a message that was handled. */
    void remove(Claimed claimed) {
        connections.autoCommit(c -> remove(c, claimed));
    }

    /** Lets a message be tried again after a while. */
    void postpone(Claimed claimed, Duration wait, String error) {
        connections.autoCommit(c -> Sql.update(
                c,
                "update platform.outbox set claim = null, due = clock_timestamp() + ? * interval '1 millisecond', error = ?"
                        + " where made = ? and number = ? and claim = ?",
                wait.toMillis(),
                error,
                claimed.made(),
                claimed.number(),
                claimed.claim()));
    }

    /** Gives back what was claimed and not begun, as if it had never been claimed. */
    void release(List<Claimed> claimed) {
        if (claimed.isEmpty()) {
            return;
        }
        connections.autoCommit(c -> Sql.update(
                c,
                "update platform.outbox o set claim = null, due = now(), attempts = o.attempts - 1"
                        + " from unnest(?::timestamptz[], ?::bigint[]) given(made, number)"
                        + " where o.made = given.made and o.number = given.number and o.claim = ?",
                claimed.stream().map(it -> it.made().toString()).toArray(String[]::new),
                claimed.stream().map(Claimed::number).toArray(Long[]::new),
                claimed.getFirst().claim()));
    }

    /**
     * Makes the lease of messages that wait behind another one begin anew.
     *
     * @return false if some are not this worker's any more
     */
    boolean renew(List<Claimed> claimed) {
        return connections.autoCommit(c -> Sql.update(
                        c,
                        "update platform.outbox o set due = clock_timestamp() + ? * interval '1 millisecond'"
                                + " from unnest(?::timestamptz[], ?::bigint[]) held(made, number)"
                                + " where o.made = held.made and o.number = held.number and o.claim = ?",
                        settings.lease().toMillis(),
                        claimed.stream().map(it -> it.made().toString()).toArray(String[]::new),
                        claimed.stream().map(Claimed::number).toArray(Long[]::new),
                        claimed.getFirst().claim()))
                == claimed.size();
    }

    /** Gives a message up: it is a dead letter from now on. */
    void bury(Claimed claimed, String error) {
        connections.autoCommit(c -> Sql.update(c, """
                with gone as (delete from platform.outbox where made = ? and number = ? and claim = ? returning *)
                insert into platform.outbox_dead(number, id, topic, ordering_key, payload, attempts, error)
                select number, id, topic, ordering_key, payload, attempts, ? from gone
                """, claimed.made(), claimed.number(), claimed.claim(), error));
    }

    private List<Claimed> take(Connection connection, List<Seen> seen) throws SQLException {
        if (seen.isEmpty()) {
            return List.of();
        }
        List<Claimed> taken = Sql.query(
                connection,
                Claimed::read,
                TAKE,
                UUID.randomUUID(),
                settings.lease().toMillis(),
                seen.stream().map(Seen::made).toArray(String[]::new),
                seen.stream().map(Seen::number).toArray(Long[]::new));
        return taken.stream()
                .sorted((one, other) -> Long.compare(one.number(), other.number()))
                .toList();
    }

    /** Those without a key, and those whose key no other claim looks at now. */
    private static List<Seen> lockKeys(Connection connection, String topic, List<Seen> seen) throws SQLException {
        String[] keys = keys(seen);
        if (keys.length == 0) {
            return seen;
        }
        Set<String> ours = new HashSet<>(Sql.query(
                connection,
                row -> row.getString(1),
                "select k from unnest(?::text[]) k where pg_try_advisory_xact_lock(?, hashtext(? || ' ' || k))",
                keys,
                LOCK,
                topic));
        return seen.stream()
                .filter(it -> it.key() == null || ours.contains(it.key()))
                .toList();
    }

    /** Adds, behind the first of each key, those that may follow it at once. */
    private List<Seen> withThoseBehind(Connection connection, String topic, List<Seen> firsts) throws SQLException {
        String[] keys = keys(firsts);
        if (keys.length == 0) {
            return firsts;
        }
        List<Seen> all = new ArrayList<>(firsts);
        Set<Long> known = new HashSet<>(firsts.stream().map(Seen::number).toList());
        Set<String> stopped = new HashSet<>();
        for (Behind each : Sql.query(connection, Behind::read, BEHIND, topic, keys, settings.claimMax())) {
            String key = String.valueOf(each.seen().key());
            if (!each.ready()) {
                stopped.add(key);
            } else if (!stopped.contains(key) && known.add(each.seen().number()) && all.size() < settings.claimMax()) {
                all.add(each.seen());
            }
        }
        return all;
    }

    private static String[] keys(List<Seen> seen) {
        return seen.stream().map(Seen::key).filter(Objects::nonNull).distinct().toArray(String[]::new);
    }
}
