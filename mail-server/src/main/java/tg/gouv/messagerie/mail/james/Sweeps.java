package tg.gouv.messagerie.mail.james;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.postgres.PostgresRepositories;
import tg.gouv.messagerie.mail.postgres.ReleasedBodies;

/**
 * Removes, from time to time, what has no use any more: bodies that nothing names, answers long given. A sweep that fails is tried
 * again at the next time.
 */
final class Sweeps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeps.class);

    /** A start has better things to do. */
    private static final Duration FIRST = Duration.ofMinutes(10);

    private static final Duration EVERY = Duration.ofHours(1);

    /** Longer than a batch takes; a sweep that is broken off after it loses nothing, the next one goes on. */
    private static final Duration CLOSING_MAX = Duration.ofSeconds(10);

    private final IntSupplier sweep;
    private final Duration first;
    private final Duration every;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("mail-sweeps").unstarted(this::run);

    private Sweeps(IntSupplier sweep, Duration first, Duration every) {
        this.sweep = sweep;
        this.first = first;
        this.every = every;
    }

    /** Sweeps once an hour, until closed. */
    static Sweeps hourly(ReleasedBodies bodies, PostgresRepositories repositories) {
        return started(() -> bodies.sweep() + repositories.sweep(), FIRST, EVERY);
    }

    static Sweeps started(IntSupplier sweep, Duration first, Duration every) {
        Sweeps sweeps = new Sweeps(sweep, first, every);
        sweeps.thread.start();
        return sweeps;
    }

    private void run() {
        try {
            Duration wait = first;
            while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                sweepOnce();
                wait = every;
            }
        } catch (InterruptedException e) {
            LOG.debug("event=sweeps-broken-off");
        }
    }

    private void sweepOnce() {
        try {
            int removed = sweep.getAsInt();
            if (removed > 0) {
                LOG.info("event=swept count={}", removed);
            }
        } catch (RuntimeException e) {
            LOG.warn("event=sweep-failed", e);
        }
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    /** Sweeps no more; a sweep under way may end, for a bounded time. */
    @Override
    public void close() {
        closed.countDown();
        try {
            if (!thread.join(CLOSING_MAX)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
