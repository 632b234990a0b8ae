package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the same thing from time to time on a thread of its own, until closed; a round that fails hinders no other. */
public final class Rounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    private final Runnable round;
    private final Duration first;
    private final Duration every;
    private final Duration closingMax;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Rounds(String name, Duration first, Duration every, Duration closingMax, Runnable round) {
        this.round = round;
        this.first = first;
        this.every = every;
        this.closingMax = closingMax;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /**
     * Begins.
     *
     * @param first how long to wait before the first round
     * @param every how long to wait after a round
     * @param closingMax how long a round under way may take when this is closed; then it is interrupted
     */
    public static Rounds begin(String name, Duration first, Duration every, Duration closingMax, Runnable round) {
        Rounds begun = new Rounds(name, first, every, closingMax, round);
        begun.thread.start();
        return begun;
    }

    private void run() {
        try {
            Duration wait = first;
            while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                runOnce();
                wait = every;
            }
        } catch (InterruptedException e) {
            LOG.debug("event=round-broken-off rounds={}", thread.getName());
        }
    }

    private void runOnce() {
        try {
            round.run();
        } catch (RuntimeException e) {
            LOG.error("event=round-failed rounds={}", thread.getName(), e);
        }
    }

    /** Whether there may be another round. */
    public boolean isRunning() {
        return thread.isAlive();
    }

    /** Ends it; a round under way may end, for a bounded time. */
    @Override
    public void close() {
        closed.countDown();
        try {
            if (!thread.join(closingMax)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
