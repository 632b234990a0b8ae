package tg.gouv.messagerie.platform.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * A part's name says when it begins, in seconds since 1970, and how many seconds it is long: outbox_1795680000_3600. Nodes whose
 * settings differ, and yesterday's settings, therefore do no harm. A message for whose time there is no part goes into
 * outbox_otherwise; a part that would have to take messages out of it is not made, since its time passes.
 */
/** The parts of the table: made ahead of time, dropped when they are over and empty. */
final class Parts {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    /** How many parts there are ahead, this one included. */
    private static final int AHEAD = 3;

    private static final Duration DROP_EVERY = Duration.ofMinutes(1);

    /** Ours among the advisory locks of the database; any number nobody else uses. */
    private static final long LOCK = 0x6f75_7462_0000_0001L;

    private static final String NAME = "outbox_\\d{9,12}_\\d{1,8}";

    private final Connections connections;
    private final long seconds;
    private long nextDrop = System.nanoTime();

    Parts(Connections connections, Duration partitionEvery) {
        this.connections = connections;
        this.seconds = partitionEvery.toSeconds();
    }

    /** Makes the parts for now and what follows, and now and then drops those that are over and empty. */
    void maintain() {
        long now = connections
                .autoCommit(c -> Sql.first(c, row -> row.getLong(1), "select extract(epoch from now())::bigint"))
                .orElseThrow();
        List<String> names = connections.autoCommit(Parts::names);
        for (long begin = now - now % seconds; begin < now + AHEAD * seconds; begin += seconds) {
            if (!isCovered(names, begin)) {
                make(begin);
            }
        }
        if (System.nanoTime() - nextDrop >= 0) {
            nextDrop = System.nanoTime()
                    + Math.min(DROP_EVERY.toNanos(), Duration.ofSeconds(seconds).toNanos() / 2);
            names.stream().filter(name -> isOver(name, now)).forEach(this::drop);
        }
    }

    /** The part is made aside and attached; acts add meanwhile, claims wait for it, so it gives up soon and comes again. */
    private void make(long begin) {
        String name = "outbox_" + begin + "_" + seconds;
        try {
            connections.transaction(c -> {
                Sql.update(c, "set local lock_timeout = '200ms'");
                // Two nodes make the same part: one waits, and finds it there.
                Sql.first(c, row -> true, "select pg_advisory_xact_lock(?)", LOCK);
                if (!isCovered(names(c), begin)) {
                    Sql.update(
                            c,
                            "create table platform." + name + " (like platform.outbox including all)"
                                    + " with (autovacuum_vacuum_scale_factor = 0.01)");
                    Sql.update(
                            c,
                            "alter table platform.outbox attach partition platform." + name + " for values from ('"
                                    + Instant.ofEpochSecond(begin) + "') to ('" + Instant.ofEpochSecond(begin + seconds)
                                    + "')");
                }
                return true;
            });
        } catch (StoreUnavailable e) {
            LOG.warn("event=outbox-part-not-made part={} reason=\"{}\"", name, e.getMessage());
        }
    }

    /** Whether some of a part's time is another part's, as after a change of the settings. */
    private boolean isCovered(List<String> names, long begin) {
        return names.stream()
                .map(name -> name.split("_", -1))
                .anyMatch(name -> Long.parseLong(name[1]) < begin + seconds
                        && Long.parseLong(name[1]) + Long.parseLong(name[2]) > begin);
    }

    private static List<String> names(Connection connection) throws SQLException {
        return Sql.query(
                connection,
                row -> row.getString(1),
                "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                        + " where i.inhparent = 'platform.outbox'::regclass and c.relname ~ '^" + NAME
                        + "$' order by c.relname");
    }

    /** Whether a part's time has been over for as long as it was. */
    private static boolean isOver(String name, long now) {
        String[] parts = name.split("_", -1);
        return Long.parseLong(parts[1]) + 2 * Long.parseLong(parts[2]) <= now;
    }

    /** Drops a part if nothing is in it; who works in the table now is waited for, but not for long: others wait behind. */
    private void drop(String name) {
        try {
            connections.transaction(c -> {
                if (holdsSomething(c, name)) {
                    return false;
                }
                Sql.update(c, "set local lock_timeout = '50ms'");
                Sql.update(c, "lock table platform.outbox, platform." + name + " in access exclusive mode");
                if (!holdsSomething(c, name)) {
                    Sql.update(c, "drop table platform." + name);
                    LOG.debug("event=outbox-part-dropped part={}", name);
                }
                return true;
            });
        } catch (StoreUnavailable e) {
            LOG.info("event=outbox-part-kept part={} reason=\"{}\"", name, e.getMessage()); // the next time
        }
    }

    private static boolean holdsSomething(Connection connection, String name) throws SQLException {
        return Sql.first(connection, row -> true, "select 1 from platform." + name + " limit 1")
                .isPresent();
    }
}
