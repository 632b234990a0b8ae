package tg.gouv.messagerie.deploy.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Two ways lead to the end: `down` asks through the control socket, and a signal runs the JVM's hooks. In both the thread of
 * the command closes the parts. A hook may not return before that is done, since the JVM halts when all have; and it may not
 * wait for ever, so it waits a bounded time and then lets the JVM halt: what was acknowledged is on the disk already.
 */
/** From the start of a program to the orderly end of its process. */
final class Lifetime {
    private static final Logger LOG = LoggerFactory.getLogger(Lifetime.class);

    /** How long the parts may take to close, all together, unless somebody says otherwise. */
    static final Duration USUALLY_WITHIN = Duration.ofSeconds(9);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread command;
    private final Duration endWithin;
    private boolean starting = true;

    private Lifetime(Thread command, Duration endWithin) {
        this.command = command;
        this.endWithin = endWithin;
    }

    /**
     * The lifetime of what the current thread is about to start; a signal ends it from now on.
     *
     * @param endWithin how long the parts may take to close once somebody asked for the end
     */
    static Lifetime ofThisThread(Duration endWithin) {
        Lifetime lifetime = new Lifetime(Thread.currentThread(), endWithin);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(lifetime::onSignal));
        return lifetime;
    }

    /** Asks for the end; returns at once. */
    synchronized void end() {
        asked.countDown();
        if (starting) {
            command.interrupt();
        }
    }

    /** Waits, once everything is started, until somebody asks for the end; from then on the process ends within bounds. */
    void awaitEnd() {
        synchronized (this) {
            starting = false;
        }
        try {
            asked.await();
        } catch (InterruptedException e) {
            LOG.debug("event=end-asked-at-the-last-moment-of-the-start");
        }
        Thread.ofPlatform().daemon().name("deadline").start(this::haltWhenLate);
    }

    /** Whether somebody asked for the end. */
    boolean isEndAsked() {
        return asked.getCount() == 0;
    }

    /** Says that the parts are closed. */
    void ended() {
        ended.countDown();
    }

    private void onSignal() {
        end();
        haltWhenLate();
    }

    private void haltWhenLate() {
        try {
            if (!ended.await(endWithin.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.error("event=stop-late seconds={}", endWithin.toSeconds());
                Runtime.getRuntime().halt(ExitStatus.TRY_AGAIN.number());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
