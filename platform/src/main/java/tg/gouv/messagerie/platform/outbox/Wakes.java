package tg.gouv.messagerie.platform.outbox;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * After a commit this node's workers are woken in memory, and the topic is noted for the others. One thread tells them, with one
 * statement per notify-every at most, on its own connection: a NOTIFY inside business transactions would make PostgreSQL
 * commit them one at a time. A wake-up may be lost anywhere; workers also look by themselves.
 */
/** Tells workers, here and on other nodes, that there may be something. */
final class Wakes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Wakes.class);
    private static final String CHANNEL = "messagerie_outbox";
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final String node = UUID.randomUUID().toString();
    private final Connections connections;
    private final Duration notifyEvery;
    private final Map<String, Semaphore> waiting = new ConcurrentHashMap<>();
    private final Set<String> news = new HashSet<>();
    private final Semaphore some = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AutoCloseable listening;
    private final Thread notifier;

    Wakes(Database database, Connections connections, Duration notifyEvery) {
        this.connections = connections;
        this.notifyEvery = notifyEvery;
        this.listening = database.listen(CHANNEL, this::heard);
        this.notifier = Thread.ofVirtual().name("outbox-notifier").start(this::tell);
    }

    /** Wakes those who wait for a topic, here at once and elsewhere soon. */
    void wake(String topic) {
        wakeHere(topic);
        boolean first;
        synchronized (news) {
            first = news.isEmpty();
            news.add(topic);
        }
        if (first) {
            some.release();
        }
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
        Semaphore woken = semaphore(topic);
        if (woken.availablePermits() == 0) {
            woken.release();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        some.release();
        try {
            listening.close();
            notifier.join(END_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("event=outbox-listening-not-closed reason=\"{}\"", e.getMessage());
        }
    }

    private Semaphore semaphore(String topic) {
        return waiting.computeIfAbsent(topic, _ -> new Semaphore(0));
    }

    private void heard(String text) {
        int space = text.indexOf(' ');
        if (space > 0 && !text.substring(0, space).equals(node)) {
            Semaphore woken = waiting.get(text.substring(space + 1));
            if (woken != null && woken.availablePermits() == 0) {
                woken.release();
            }
        }
    }

    private void tell() {
        try {
            while (true) {
                some.acquire();
                if (closing.await(notifyEvery.toMillis(), TimeUnit.MILLISECONDS)) {
                    return; // others look by themselves
                }
                List<String> topics;
                synchronized (news) {
                    topics = List.copyOf(news);
                    news.clear();
                }
                send(topics);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the notifier", e);
        }
    }

    private void send(List<String> topics) {
        try {
            connections.autoCommit(c -> Sql.query(
                    c,
                    row -> true,
                    "select pg_notify(?, ? || ' ' || topic) from unnest(?::text[]) topic",
                    CHANNEL,
                    node,
                    topics.toArray(String[]::new)));
        } catch (StoreUnavailable e) {
            LOG.debug("event=outbox-not-notified reason=\"{}\"", e.getMessage()); // others look by themselves
        }
    }
}
