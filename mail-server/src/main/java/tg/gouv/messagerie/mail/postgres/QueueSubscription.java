package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.postgres.QueueEnvelope.UnreadableMail;
import tg.gouv.messagerie.mail.postgres.QueueLeases.Outcome;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * One virtual thread per subscriber: it waits until something is demanded, leases at most that much, hands it over, and waits for a
 * wake-up, the next delayed mail or the poll when nothing was due. No connection is held while the subscriber works.
 */
/** One who takes mails from a queue, as fast as he asks for them (Reactive Streams 1.0). */
final class QueueSubscription implements Subscription, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSubscription.class);

    /** Short statements, and not more in memory than is worked on soon. */
    private static final int BATCH = 50;

    private final PostgresMailQueue queue;
    private final QueueRows rows;
    private final QueueLeases leases;
    private final Duration poll;
    private final Clock clock;
    private final Subscriber<? super MailQueueItem> subscriber;

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
            Duration poll,
            Clock clock,
            Subscriber<? super MailQueueItem> subscriber) {
        this.queue = queue;
        this.rows = rows;
        this.leases = leases;
        this.poll = poll;
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
                    int leased = serve((int) Math.min(wanted, BATCH));
                    failed = false;
                    if (leased == 0) {
                        awaitChange(untilNextDue());
                    }
                } catch (StoreUnavailable e) {
                    if (!failed) {
                        LOG.warn("mail queue: queue={} cannot be read, trying on: {}", queue.label(), e.getMessage());
                    }
                    failed = true;
                    awaitChange(poll);
                }
            }
            finish();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            queue.left(this);
        }
    }

    /** Leases and hands over; tells how many rows were leased. */
    private int serve(int most) {
        List<QueuedMail> leased = leases.claim(queue.label(), most);
        List<QueueItem> items = new ArrayList<>(leased.size());
        for (QueuedMail mail : leased) {
            QueueItem item = item(mail);
            if (item != null) {
                items.add(item);
            }
        }
        for (QueueItem item : items) {
            if (take()) {
                hand(item);
            } else {
                item.giveBack();
            }
        }
        return leased.size();
    }

    private @Nullable QueueItem item(QueuedMail row) {
        try {
            var mail = row.mail();
            return new QueueItem(
                    queue.label(), row, mail, mail.getMessage() instanceof QueuedMessage m ? m : null, leases);
        } catch (UnreadableMail e) {
            settle(row, new Outcome.Held("it cannot be read: " + e.getMessage()));
            QueueItem.logHeld(queue.label(), row.envelope().name(), "it cannot be read: " + e.getMessage());
        } catch (BlobsUnavailable e) {
            LOG.warn(
                    "mail queue: queue={} name={} waits: {}",
                    queue.label(),
                    row.envelope().name(),
                    e.getMessage());
            settle(row, new Outcome.Again(clock.instant().plus(poll.multipliedBy(10))));
        } catch (MessagingException e) {
            throw new IllegalStateException(e); // a message that was just set
        }
        return null;
    }

    private void settle(QueuedMail row, Outcome outcome) {
        try {
            leases.settle(row.id(), outcome);
        } catch (StoreUnavailable _) {
            // written late: QueueLeases keeps it
        }
    }

    private void hand(QueueItem item) {
        try {
            queue.handing();
            subscriber.onNext(queue.decorated(item));
        } catch (RuntimeException e) { // Reactive Streams 2.13 forbids it
            LOG.error("mail queue: queue={}: a subscriber failed; it gets no more", queue.label(), e);
            item.giveBack();
            cancel();
        }
    }

    private void finish() {
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
        return rows.nextDue(queue.label())
                .map(due -> Duration.between(now, due))
                .filter(wait -> wait.compareTo(poll) < 0)
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait.plusMillis(1))
                .orElse(poll);
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
    private long awaitDemand() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (demanded == 0 && !over()) {
                changed.await();
            }
            awake = false;
            return over() ? 0 : demanded;
        } finally {
            lock.unlock();
        }
    }

    private void awaitChange(Duration most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = most.toNanos();
            while (!awake && !over() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
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
