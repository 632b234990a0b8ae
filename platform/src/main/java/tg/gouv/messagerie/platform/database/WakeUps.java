package tg.gouv.messagerie.platform.database;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One thread tells, with one statement per interval at most, on its own connection: a NOTIFY inside business transactions would
 * make PostgreSQL commit them one at a time. A wake-up may be lost anywhere: who waits for one also looks by themselves.
 */
/** Tells the other nodes that there may be something, and hears it from them. */
public final class WakeUps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WakeUps.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    /** PostgreSQL takes fewer than 8,000 bytes. */
    private static final int TEXT_MAX = 7_000;

    private final String node = UUID.randomUUID().toString();
    private final Connections connections;
    private final String channel;
    private final Duration every;
    private final Consumer<String> heard;
    private final Set<String> news = new HashSet<>();
    private final Semaphore some = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AutoCloseable listening;
    private final Thread notifier;

    /**
     * Begins to listen.
     *
     * @param connections one of them is used for a moment, now and then
     * @param channel as for {@link Database#listen}
     * @param every how long topics are collected before they are told
     * @param heard called with each topic that another node told; returns soon
     */
    public WakeUps(Database database, Connections connections, String channel, Duration every, Consumer<String> heard) {
        this.connections = connections;
        this.channel = channel;
        this.every = every;
        this.heard = heard;
        this.listening = database.listen(channel, this::heard);
        this.notifier = Thread.ofVirtual().name(channel + "-notifier").start(this::tell);
    }

    /**
     * Tells the other nodes, soon; returns at once.
     *
     * @param topic a short line
     */
    public void tell(String topic) {
        boolean first;
        synchronized (news) {
            first = news.isEmpty();
            news.add(topic);
        }
        if (first) {
            some.release();
        }
    }

    /** Listens no more; what was not told yet is not told. */
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
            LOG.warn("event=listening-not-closed channel={} reason=\"{}\"", channel, e.getMessage());
        }
    }

    private void heard(String text) {
        String[] lines = text.split("\n", -1);
        if (!lines[0].equals(node)) {
            for (int i = 1; i < lines.length; i++) {
                heard.accept(lines[i]);
            }
        }
    }

    private void tell() {
        try {
            while (true) {
                some.acquire();
                if (closing.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                    return; // others look by themselves
                }
                List<String> topics;
                synchronized (news) {
                    topics = List.copyOf(news);
                    news.clear();
                }
                send(texts(topics));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the notifier", e);
        }
    }

    private List<String> texts(List<String> topics) {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder(node);
        for (String topic : topics) {
            if (text.length() + topic.length() > TEXT_MAX) {
                texts.add(text.toString());
                text = new StringBuilder(node);
            }
            text.append('\n').append(topic);
        }
        texts.add(text.toString());
        return texts;
    }

    private void send(List<String> texts) {
        try {
            connections.autoCommit(c -> Sql.query(
                    c,
                    row -> true,
                    "select pg_notify(?, told) from unnest(?::text[]) told",
                    channel,
                    texts.toArray(String[]::new)));
        } catch (StoreUnavailable e) {
            LOG.debug(
                    "event=not-notified channel={} reason=\"{}\"",
                    channel,
                    e.getMessage()); // others look by themselves
        }
    }
}
