package tg.gouv.messagerie.mail.james;

import java.time.Duration;
import java.util.Map;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.postgres.Rounds;

/** Removes, from time to time, what is kept no longer; a sweep that fails is tried again at the next time, and hinders no other. */
final class Sweeps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeps.class);

    /** A start has better things to do. */
    private static final Duration FIRST = Duration.ofMinutes(10);

    private static final Duration EVERY = Duration.ofHours(1);

    /** Longer than a batch takes; a sweep that is broken off after it loses nothing, the next one goes on. */
    private static final Duration CLOSING_MAX = Duration.ofSeconds(10);

    private final Rounds rounds;

    private Sweeps(Rounds rounds) {
        this.rounds = rounds;
    }

    /**
     * Sweeps once an hour, until closed.
     *
     * @param sweeps by what they remove; each returns how much that was
     */
    static Sweeps hourly(Map<String, IntSupplier> sweeps) {
        return started(sweeps, FIRST, EVERY);
    }

    static Sweeps started(Map<String, IntSupplier> sweeps, Duration first, Duration every) {
        return new Sweeps(
                Rounds.begin("mail-sweeps", first, every, CLOSING_MAX, () -> sweeps.forEach(Sweeps::sweepOnce)));
    }

    private static void sweepOnce(String what, IntSupplier sweep) {
        try {
            int removed = sweep.getAsInt();
            if (removed > 0) {
                LOG.info("event=swept what={} count={}", what, removed);
            }
        } catch (RuntimeException e) {
            LOG.warn("event=sweep-failed what={}", what, e);
        }
    }

    boolean isRunning() {
        return rounds.isRunning();
    }

    /** Sweeps no more; a sweep under way may end, for a bounded time. */
    @Override
    public void close() {
        rounds.close();
    }
}
