package tg.gouv.messagerie.platform.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The workers of a topic on this node; closing lets each end the message it is at, and gives the others back. */
final class Consumption implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(3);
    private static final int ERROR_MAX = 500;

    /** Does the work of one message, and removes it. */
    @FunctionalInterface
    interface Work {
        void on(Claimed claimed) throws Exception;
    }

    private final String topic;
    private final Claims claims;
    private final Wakes wakes;
    private final OutboxSettings settings;
    private final Work work;
    private final LongAdder handled;
    private final LongAdder failed;
    private final Tally tally = new Tally();
    private final List<Thread> workers = new ArrayList<>();
    private volatile boolean closed;

    Consumption(
            String topic,
            Claims claims,
            Wakes wakes,
            OutboxSettings settings,
            Work work,
            LongAdder handled,
            LongAdder failed) {
        this.topic = topic;
        this.claims = claims;
        this.wakes = wakes;
        this.settings = settings;
        this.work = work;
        this.handled = handled;
        this.failed = failed;
        for (int i = 0; i < settings.workers(); i++) {
            workers.add(Thread.ofVirtual().name("outbox-" + topic + "-" + i).start(this::work));
        }
    }

    Figures figures() {
        return tally.figures(Instant.now());
    }

    /** Claims nothing more. */
    void end() {
        closed = true;
        wakes.wakeHere(topic);
    }

    /** Returns when each worker has ended the message it was at, or after a while. */
    @Override
    public void close() {
        end();
        long deadline = System.nanoTime() + END_WITHIN.toNanos();
        try {
            for (Thread worker : workers) {
                Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
                if (!worker.join(left)) {
                    LOG.warn("event=outbox-end-late topic={} worker={}", topic, worker.getName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (!closed) {
            try {
                boolean fresh = turn(claims.fresh(topic));
                boolean tried = turn(claims.tried(topic));
                if (!fresh && !tried && !closed) {
                    wakes.await(topic, settings.pollEvery());
                }
            } catch (StoreUnavailable e) {
                LOG.warn("event=outbox-waits topic={} reason=\"{}\"", topic, e.getMessage());
                pause();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a worker", e);
            } catch (RuntimeException e) {
                LOG.error("event=outbox-worker-failed topic={}", topic, e);
                pause();
            }
        }
        wakes.wakeHere(topic); // one wake is heard by one of those who wait: each passes it on
    }

    /** Handles what was claimed, in its order; a failure gives back what is behind it in its key. */
    private boolean turn(List<Claimed> claimed) {
        if (claimed.size() == settings.claimMax()) {
            wakes.wakeHere(topic); // there is more for a colleague
        }
        long leased = System.nanoTime();
        Set<String> stopped = new HashSet<>();
        List<Claimed> givenBack = new ArrayList<>();
        for (int i = 0; i < claimed.size(); i++) {
            Claimed each = claimed.get(i);
            if (closed || each.key().filter(stopped::contains).isPresent()) {
                givenBack.add(each);
                continue;
            }
            if (System.nanoTime() - leased > settings.lease().toNanos() / 3) {
                List<Claimed> rest = claimed.subList(i, claimed.size());
                if (!claims.renew(rest)) {
                    LOG.warn("event=outbox-lease-lost topic={}", topic);
                    return true; // another worker has some of them; all come back by themselves
                }
                leased = System.nanoTime();
            }
            if (!handle(each)) {
                each.key().ifPresent(stopped::add);
            }
        }
        claims.release(givenBack);
        return !claimed.isEmpty();
    }

    private boolean handle(Claimed claimed) {
        if (claimed.delivery().attempt() > settings.attemptsMax()) {
            bury(claimed, "none of " + settings.attemptsMax() + " attempts came to an end");
            return false;
        }
        long begun = System.nanoTime();
        try {
            work.on(claimed);
            handled.increment();
            tally.handled(System.nanoTime() - begun, Instant.now());
            return true;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            failed.increment();
            String error = error(e);
            tally.failed(System.nanoTime() - begun, Instant.now(), error);
            failed(claimed, error);
            return false;
        }
    }

    private void failed(Claimed claimed, String error) {
        int attempt = claimed.delivery().attempt();
        if (attempt >= settings.attemptsMax()) {
            bury(claimed, error);
            return;
        }
        Duration wait = wait(attempt);
        LOG.warn(
                "event=outbox-failed topic={} id={} attempt={} again-in={} reason=\"{}\"",
                topic,
                claimed.delivery().id(),
                attempt,
                wait,
                error);
        claims.postpone(claimed, wait, error);
    }

    private void bury(Claimed claimed, String error) {
        LOG.error(
                "event=outbox-dead topic={} id={} attempts={} reason=\"{}\"",
                topic,
                claimed.delivery().id(),
                claimed.delivery().attempt(),
                error);
        claims.bury(claimed, error);
        wakes.wakeHere(topic); // its key goes on
    }

    private Duration wait(int attempt) {
        Duration doubled = settings.retryFirst().multipliedBy(1L << Math.min(attempt - 1, 20));
        return doubled.compareTo(settings.retryMax()) < 0 ? doubled : settings.retryMax();
    }

    private static String error(Throwable failure) {
        String text = failure.toString().replaceAll("\\p{Cntrl}", " ");
        return text.length() <= ERROR_MAX ? text : text.substring(0, ERROR_MAX);
    }

    private void pause() {
        try {
            Thread.sleep(settings.pollEvery());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a worker", e);
        }
    }
}
