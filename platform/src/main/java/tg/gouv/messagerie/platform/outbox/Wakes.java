package tg.gouv.messagerie.platform.outbox;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.WakeUps;

/** Tells workers, here at once and on other nodes soon, that there may be something; they also look by themselves. */
final class Wakes implements AutoCloseable {
    private static final String CHANNEL = "messagerie_outbox";

    private final Map<String, Semaphore> waiting = new ConcurrentHashMap<>();
    private final WakeUps others;

    Wakes(Database database, Connections connections, Duration notifyEvery) {
        this.others = new WakeUps(database, connections, CHANNEL, notifyEvery, this::heard);
    }

    /** Wakes those who wait for a topic, here at once and elsewhere soon. */
    void wake(String topic) {
        wakeHere(topic);
        others.tell(topic);
    }

    /** Waits until a topic is woken, or for so long. */
    void await(String topic, Duration most) throws InterruptedException {
        Semaphore woken = semaphore(topic);
        if (woken.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS)) {
            woken.drainPermits();
        }
    }

    /** Wakes those who wait for a topic on this node. */
    void wakeHere(String topic) {
        wake(semaphore(topic));
    }

    @Override
    public void close() {
        others.close();
    }

    private Semaphore semaphore(String topic) {
        return waiting.computeIfAbsent(topic, _ -> new Semaphore(0));
    }

    private void heard(String topic) {
        Semaphore woken = waiting.get(topic);
        if (woken != null) {
            wake(woken);
        }
    }

    private static void wake(Semaphore woken) {
        if (woken.availablePermits() == 0) {
            woken.release();
        }
    }
}
