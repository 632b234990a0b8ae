package tg.gouv.messagerie.mail.postgres;

import java.util.concurrent.atomic.AtomicInteger;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/**
 * The connections of a program that can be killed: before or after any of its commits. From then on it reads and writes nothing, as if
 * it were not there; its threads only learn that PostgreSQL does not answer.
 */
final class MortalConnections implements Connections {
    private final Connections living;
    private final AtomicInteger used = new AtomicInteger();
    private volatile int lastUse = Integer.MAX_VALUE;
    private volatile boolean commitsLast;

    MortalConnections(Connections living) {
        this.living = living;
    }

    /** Ends the program now. */
    void die() {
        lastUse = 0;
    }

    /** Ends the program at the n-th use from now, counted from 1; that use is committed, or not. */
    void dieAt(int use, boolean committed) {
        commitsLast = committed;
        lastUse = used.get() + use;
    }

    /** Was PostgreSQL only out of reach for a while? */
    void live() {
        lastUse = Integer.MAX_VALUE;
    }

    boolean isDead() {
        return used.get() >= lastUse;
    }

    int used() {
        return used.get();
    }

    @Override
    public <T, X extends Exception> T autoCommit(Work<T, X> work) throws X {
        boolean last = use();
        T result = living.autoCommit(work);
        afterwards(last);
        return result;
    }

    @Override
    public <T, X extends Exception> T transaction(Work<T, X> work) throws X {
        boolean last = use();
        T result = living.transaction(work);
        afterwards(last);
        return result;
    }

    private boolean use() {
        int use = used.incrementAndGet();
        if (use > lastUse || (use == lastUse && !commitsLast)) {
            throw dead();
        }
        return use == lastUse;
    }

    private static void afterwards(boolean last) {
        if (last) {
            throw dead();
        }
    }

    private static StoreUnavailable dead() {
        return new StoreUnavailable("this program was killed", true);
    }
}
