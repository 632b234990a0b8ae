package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.james.mailbox.model.MailboxId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.AfterCommit;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.WakeUps;

/*
 * After a commit, who watches on this node is woken in memory, and the other nodes are told, many mailboxes at once. Either
 * may be lost: a slow look compares the MODSEQs of all mailboxes that are watched here with what was seen, in one statement.
 */
/** Wakes who watches a mailbox when something was changed there: it says « look », never what there is. */
public final class MailboxNews {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxNews.class);
    private static final String CHANNEL = "messagerie_mailbox";
    private static final Duration COLLECT = Duration.ofMillis(25);

    /** How many mailboxes one statement looks at. */
    private static final int LOOK_MAX = 5_000;

    private final Map<Long, Set<Watch>> watches = new ConcurrentHashMap<>();
    private volatile @Nullable WakeUps others;

    /** Somebody who watches, until closed. */
    public final class Watch implements AutoCloseable {
        private final long mailbox;
        private final LongSupplier seen;
        private final Runnable wake;

        private Watch(long mailbox, LongSupplier seen, Runnable wake) {
            this.mailbox = mailbox;
            this.seen = seen;
            this.wake = wake;
        }

        @Override
        public void close() {
            watches.computeIfPresent(mailbox, (_, those) -> {
                those.remove(this);
                return those.isEmpty() ? null : those;
            });
        }
    }

    /**
     * Watches a mailbox.
     *
     * @param seen the MODSEQ that was seen last
     * @param wake returns soon; called on any thread
     */
    public Watch watch(MailboxId id, LongSupplier seen, Runnable wake) {
        Watch watch = new Watch(number(id), seen, wake);
        watches.compute(watch.mailbox, (_, those) -> {
            Set<Watch> all = those == null ? ConcurrentHashMap.newKeySet() : those;
            all.add(watch);
            return all;
        });
        return watch;
    }

    /**
     * Tells and hears other nodes too, until closed.
     *
     * @param connections of the schema {@code mail}
     * @param lookEvery how long a change may stay unseen when its wake-up is lost
     */
    public AutoCloseable betweenNodes(Database database, Connections connections, Duration lookEvery) {
        WakeUps nodes = new WakeUps(database, connections, CHANNEL, COLLECT, topic -> wake(Long.parseLong(topic)));
        others = nodes;
        CountDownLatch closing = new CountDownLatch(1);
        Thread looking =
                Thread.ofVirtual().name("mailbox-news").start(() -> lookAround(connections, lookEvery, closing));
        return () -> {
            others = null;
            nodes.close();
            closing.countDown();
            looking.join();
        };
    }

    /** Wakes those who watch a mailbox once the current transaction was committed. */
    void changed(long mailbox) {
        AfterCommit.run(() -> {
            wake(mailbox);
            WakeUps nodes = others;
            if (nodes != null) {
                nodes.tell(Long.toString(mailbox));
            }
        });
    }

    private void wake(long mailbox) {
        watches.getOrDefault(mailbox, Set.of()).forEach(each -> each.wake.run());
    }

    private void lookAround(Connections connections, Duration every, CountDownLatch closing) {
        try {
            while (!closing.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                Long[] watched = watches.keySet().toArray(Long[]::new);
                for (int from = 0; from < watched.length; from += LOOK_MAX) {
                    look(connections, Arrays.copyOfRange(watched, from, Math.min(watched.length, from + LOOK_MAX)));
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts who looks around", e);
        }
    }

    private void look(Connections connections, Long[] mailboxes) {
        try {
            Map<Long, Long> now = new HashMap<>();
            connections.autoCommit(c -> Sql.query(
                    c,
                    row -> {
                        now.put(row.getLong(1), row.getLong(2));
                        return true;
                    },
                    "select mailbox_id, highest_modseq from mailbox_counter where mailbox_id = any(?)",
                    (Object) mailboxes));
            for (Long mailbox : mailboxes) {
                long modSeq = now.getOrDefault(mailbox, Long.MAX_VALUE); // of one that is gone, nobody saw it
                List.copyOf(watches.getOrDefault(mailbox, Set.of())).stream()
                        .filter(each -> each.seen.getAsLong() != modSeq)
                        .forEach(each -> each.wake.run());
            }
        } catch (StoreUnavailable e) {
            LOG.debug("event=mailboxes-not-looked-at reason=\"{}\"", e.getMessage()); // the next look may
        }
    }
}
