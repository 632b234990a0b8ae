package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * A mail that was processed while PostgreSQL did not answer is still leased: its outcome is kept and its lease renewed until it can
 * be written, so that it is not processed twice as long as this program lives.
 */
/** The mails this life of the program works on, and what became of them. */
final class QueueLeases {
    private static final Logger LOG = LoggerFactory.getLogger(QueueLeases.class);

    private final QueueRows rows;
    private final QueueSettings settings;
    private final Clock clock;
    private final Map<UUID, Lease> leases = new ConcurrentHashMap<>();

    QueueLeases(QueueRows rows, QueueSettings settings, Clock clock) {
        this.rows = rows;
        this.settings = settings;
        this.clock = clock;
    }

    /** What became of a leased mail. */
    sealed interface Outcome {
        /** It was processed. */
        record Done() implements Outcome {}

        /** It is tried again. */
        record Again(Instant due) implements Outcome {}

        /** An operator must look at it. */
        record Held(String because) implements Outcome {}

        /** Nobody tried it. */
        record Untouched() implements Outcome {}
    }

    private record Lease(Instant deadline, @Nullable Outcome outcome) {}

    /** Leases up to so many mails that are due. */
    List<QueuedMail> claim(String queue, int most) {
        Instant now = clock.instant();
        List<QueuedMail> claimed = rows.claim(queue, most, now, now.plus(settings.lease()));
        Instant deadline = now.plus(settings.processingMax());
        claimed.forEach(mail -> leases.put(mail.id(), new Lease(deadline, null)));
        return claimed;
    }

    /**
     * Writes what became of a mail.
     *
     * @return false if this life no longer held the lease, and nothing was changed
     * @throws StoreUnavailable if PostgreSQL does not answer; it is written as soon as it does
     */
    boolean settle(UUID id, Outcome outcome) {
        try {
            boolean ours = write(id, outcome);
            leases.remove(id);
            return ours;
        } catch (StoreUnavailable e) {
            leases.put(id, new Lease(Instant.MAX, outcome));
            throw e;
        }
    }

    /** What becomes of a mail that failed: it waits longer each time, and is held in the end. */
    Outcome failed(int attempts) {
        return attempts >= settings.attemptsMax()
                ? new Outcome.Held("it failed " + attempts + " times")
                : new Outcome.Again(clock.instant().plus(settings.retryAfter(attempts)));
    }

    /** Writes the outcomes that could not be written. */
    void settleLate() {
        for (Map.Entry<UUID, Lease> each : leases.entrySet()) {
            Outcome outcome = each.getValue().outcome();
            if (outcome != null) {
                settle(each.getKey(), outcome);
                LOG.info("mail queue: what became of mail id={} is written, late", each.getKey());
            }
        }
    }

    /** Renews the leases; whoever takes too long loses his. */
    void renew() {
        Instant now = clock.instant();
        leases.entrySet().removeIf(each -> {
            boolean overdue = each.getValue().deadline().isBefore(now);
            if (overdue) {
                LOG.warn("mail queue: mail id={} is processed for too long; its lease is not renewed", each.getKey());
            }
            return overdue;
        });
        if (!leases.isEmpty()) {
            rows.renew(inHand(), now.plus(settings.lease()));
        }
    }

    /** What this life works on. */
    Collection<UUID> inHand() {
        return Set.copyOf(leases.keySet());
    }

    private boolean write(UUID id, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done() -> rows.remove(id, clock.instant());
            case Outcome.Again(Instant due) -> rows.retry(id, due);
            case Outcome.Held(String because) -> rows.hold(id, because);
            case Outcome.Untouched() -> rows.giveBack(id);
        };
    }
}
