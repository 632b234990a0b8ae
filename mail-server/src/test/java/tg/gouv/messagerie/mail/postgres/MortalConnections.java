package tg.gouv.messagerie.mail.postgres;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** Connections of a program that can be killed. */
public final class MortalConnections implements Connections {
    private final Connections living;
    private final Life life;

    /** Connections that end with a life; several may share it. */
    public MortalConnections(Connections living, Life life) {
        this.living = living;
        this.life = life;
    }

    /**
     * A program's life, which ends before or after any of its commits. From then on it reads and writes nothing, as if it were not there;
     * its threads only learn that PostgreSQL does not answer.
     */
    public static final class Life {
        private static final String QUEUE_THREADS = "mail-queue-";

        private final AtomicInteger used = new AtomicInteger();
        private volatile int lastUse = Integer.MAX_VALUE;
        private volatile int failingUse = Integer.MAX_VALUE;
        private volatile boolean commitsLast;
        private volatile boolean queueHeld;

        /** Ends the program now. */
        public void die() {
            lastUse = 0;
        }

        /** Ends the program at the n-th use from now, counted from 1; that use is committed, or not. */
        public void dieAt(int use, boolean committed) {
            commitsLast = committed;
            lastUse = used.get() + use;
        }

        /** PostgreSQL does not answer the n-th use from now, counted from 1, and answers the next; that use is committed, or not. */
        public void failAt(int use, boolean committed) {
            commitsLast = committed;
            failingUse = used.get() + use;
        }

        /** Whether the use that {@link #failAt} named has come. */
        public boolean hasFailed() {
            return used.get() >= failingUse;
        }

        /** PostgreSQL answers again: it was not the program that ended. */
        public void live() {
            lastUse = Integer.MAX_VALUE;
            failingUse = Integer.MAX_VALUE;
        }

        public boolean isDead() {
            return used.get() >= lastUse;
        }

        /** Lets the queue's own threads wait, so that nothing is claimed, or go on. */
        public void holdQueue(boolean held) {
            queueHeld = held;
        }

        private boolean use() {
            while (queueHeld && Thread.currentThread().getName().startsWith(QUEUE_THREADS)) {
                LockSupport.parkNanos(1_000_000);
            }
            int use = used.incrementAndGet();
            boolean last = use == lastUse || use == failingUse;
            if (use > lastUse || (last && !commitsLast)) {
                throw dead();
            }
            return last;
        }

        private static StoreUnavailable dead() {
            return new StoreUnavailable("this program was killed", true);
        }
    }

    @Override
    public <T, X extends Exception> T autoCommit(Work<T, X> work) throws X {
        boolean last = life.use();
        return after(last, living.autoCommit(work));
    }

    @Override
    public <T, X extends Exception> T transaction(Work<T, X> work) throws X {
        boolean last = life.use();
        return after(last, living.transaction(work));
    }

    @Override
    public <T, X extends Exception> T together(Work<T, X> work) throws X {
        boolean last = life.use();
        return after(last, living.together(work));
    }

    private static <T> T after(boolean last, T result) {
        if (last) {
            throw Life.dead();
        }
        return result;
    }
}
