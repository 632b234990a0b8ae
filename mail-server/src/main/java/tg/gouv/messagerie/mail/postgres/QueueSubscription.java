package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * One virtual thread per subscriber, which nobody interrupts: an interrupted virtual thread would close the socket of the connection
 * it uses. It waits until something is demanded, leases a batch, and hands over as much as is demanded; that the work on these
 * begins is written first. What is leased and not demanded waits here, and is given back at the end. A subscriber gets no larger
 * batch leased than he has taken before: one who wants a single mail takes nothing from others.
 *
 * A mail whose processing a program's end interrupted may be what ended it. Such suspects are handed over one at a time,
 * beside the others, the least suspect first: so a mail that ends the program each time is soon the only suspect left, and an
 * innocent one that ran beside it is delivered.
 */
/** One who takes mails from a queue, as fast as he asks for them (Reactive Streams 1.0). */
final class QueueSubscription implements Subscription, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSubscription.class);

    private final PostgresMailQueue queue;
    private final QueueRows rows;
    private final QueueLeases leases;
    private final QueueSettings settings;
    private final Clock clock;
    private final Subscriber<? super MailQueueItem> subscriber;

    private final Deque<QueueItem> fresh = new ArrayDeque<>();
    private final Queue<QueueItem> suspects = new PriorityQueue<>(
            Comparator.comparingInt((QueueItem item) -> item.row().interrupted())
                    .thenComparing(QueueItem::id));
    private @Nullable QueueItem suspectInWork;
    private int taken = 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long demanded;
    private boolean awake;
    private boolean cancelled;
    private boolean ended;
    private @Nullable IllegalArgumentException refused;

    QueueSubscription(
            PostgresMailQueue queue,
            QueueRows rows,
            QueueLeases leases,
            QueueSettings settings,
            Clock clock,
            Subscriber<? super MailQueueItem> subscriber) {
        this.queue = queue;
        this.rows = rows;
        this.leases = leases;
        this.settings = settings;
        this.clock = clock;
        this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
        change(() -> {
            if (count <= 0) { // Reactive Streams 3.9
                refused = new IllegalArgumentException("a request is for 1 mail or more, not " + count);
            } else {
                demanded = demanded + count < 0 ? Long.MAX_VALUE : demanded + count;
            }
        });
    }

    @Override
    public void cancel() {
        change(() -> cancelled = true);
    }

    /** Something may be due. */
    void wake() {
        change(() -> awake = true);
    }

    /** The queues close. */
    void end() {
        change(() -> ended = true);
    }

    @Override
    public void run() {
        try {
            boolean failed = false;
            for (long wanted = awaitDemand(); wanted > 0; wanted = awaitDemand()) {
                try {
                    boolean some = serve((int) Math.min(wanted, settings.claimMax()));
                    failed = false;
                    if (!some) {
                        awaitChange(untilNextDue());
                    }
                } catch (StoreUnavailable e) {
                    if (!failed) {
                        LOG.warn("event=queue-unavailable queue={} reason=\"{}\"", queue.label(), e.getMessage());
                    }
                    failed = true;
                    awaitChange(settings.poll());
                }
            }
            finish();
        } finally {
            queue.left(this);
        }
    }

    /** Hands over up to {@code wanted} mails; tells whether it is worth looking again at once. */
    private boolean serve(int wanted) {
        boolean leased = fresh.size() < wanted && claim(wanted);
        List<QueueItem> next = next(wanted);
        if (!next.isEmpty()) {
            List<QueueItem> begun;
            try {
                begun = leases.begin(next);
            } catch (StoreUnavailable e) {
                next.forEach(item -> (item.isSuspect() ? suspects : fresh).add(item));
                throw e;
            }
            hand(begun);
        }
        return leased || !next.isEmpty();
    }

    private boolean claim(int wanted) {
        int most = Math.clamp(Math.max(wanted, taken), 1, settings.claimMax());
        QueueLeases.Claim claim = leases.claim(queue, most, suspects.size() < settings.claimMax());
        claim.items().forEach(item -> (item.isSuspect() ? suspects : fresh).add(item));
        return claim.leased() > 0;
    }

    private List<QueueItem> next(int wanted) {
        List<QueueItem> next = new ArrayList<>(wanted);
        QueueItem before = suspectInWork;
        if (before == null || !leases.holds(before)) {
            suspectInWork = suspects.poll();
            if (suspectInWork != null) {
                next.add(suspectInWork);
            }
        }
        while (next.size() < wanted && !fresh.isEmpty()) {
            next.add(fresh.removeFirst());
        }
        return next;
    }

    private void hand(List<QueueItem> begun) {
        for (int i = 0; i < begun.size(); i++) {
            if (!take()) {
                leases.giveBack(begun.subList(i, begun.size()));
                return;
            }
            taken = Math.min(taken + 1, settings.claimMax());
            try {
                subscriber.onNext(queue.decorated(begun.get(i)));
            } catch (RuntimeException e) { // Reactive Streams 2.13 forbids it
                LOG.error("event=subscriber-failed queue={}", queue.label(), e);
                leases.giveBack(List.of(begun.get(i)));
                cancel();
            }
        }
    }

    private void finish() {
        leases.giveBack(fresh);
        leases.giveBack(suspects);
        IllegalArgumentException why;
        boolean silent;
        lock.lock();
        try {
            why = refused;
            silent = cancelled;
        } finally {
            lock.unlock();
        }
        if (!silent && why != null) {
            subscriber.onError(why);
        } else if (!silent) {
            subscriber.onComplete();
        }
    }

    private Duration untilNextDue() {
        Instant now = clock.instant();
        return rows.nextDue(queue.label(), now)
                .map(due -> Duration.between(now, due))
                .filter(wait -> wait.compareTo(settings.poll()) < 0)
                .map(wait -> wait.plusMillis(1))
                .orElse(settings.poll());
    }

    /** One of the mails demanded, if it is still wanted. */
    private boolean take() {
        lock.lock();
        try {
            if (over() || demanded == 0) {
                return false;
            }
            if (demanded != Long.MAX_VALUE) {
                demanded--;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** How much is demanded, at least 1, or 0 if nothing will be demanded any more. */
    private long awaitDemand() {
        lock.lock();
        try {
            while (demanded == 0 && !over()) {
                changed.awaitUninterruptibly();
            }
            awake = false;
            return over() ? 0 : demanded;
        } finally {
            lock.unlock();
        }
    }

    private void awaitChange(Duration most) {
        lock.lock();
        try {
            long nanos = most.toNanos();
            while (!awake && !over() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            ended = true; // the program is being broken off
        } finally {
            lock.unlock();
        }
    }

    private boolean over() {
        return cancelled || ended || refused != null;
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
