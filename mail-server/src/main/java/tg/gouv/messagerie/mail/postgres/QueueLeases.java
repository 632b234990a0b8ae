package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.postgres.MailEnvelope.UnreadableMail;
import tg.gouv.messagerie.mail.postgres.QueueItem.Outcome;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * A mail that was processed while PostgreSQL did not answer stays in inHand with its outcome, and its lease is renewed, until the
 * outcome can be written: it is not processed twice as long as this program lives.
 */
/** The mails that this life of the program holds, and what became of them. */
final class QueueLeases {
    private static final Logger LOG = LoggerFactory.getLogger(QueueLeases.class);

    /** Mail whose body cannot be looked at waits as long. */
    private static final Duration BLOBS_AWAITED = Duration.ofSeconds(10);

    /** Clocks of nodes that differ less are right. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private final QueueRows rows;
    private final QueueSettings settings;
    private final Clock clock;
    private final Uuid7 ids;
    private final Map<String, QueueItem> inHand = new ConcurrentHashMap<>();

    QueueLeases(QueueRows rows, QueueSettings settings, Clock clock, Uuid7 ids) {
        this.ids = ids;
        this.rows = rows;
        this.settings = settings;
        this.clock = clock;
    }

    /** What was claimed: those that can be worked on, and how many rows were leased. */
    record Claim(List<QueueItem> items, int leased) {}

    /**
     * Leases up to so many mails that are due.
     *
     * @param suspects whether mails may be among them that a program's end interrupted
     */
    Claim claim(PostgresMailQueue queue, int most, boolean suspects) {
        Instant now = now();
        List<QueuedMail> claimed = rows.claim(
                queue.label(), most, suspects ? Integer.MAX_VALUE : 0, now, now.plus(settings.lease()), ids.next());
        List<QueueItem> items = new ArrayList<>(claimed.size());
        for (QueuedMail row : claimed) {
            item(queue, row).ifPresent(items::add);
        }
        return new Claim(items, claimed.size());
    }

    private Optional<QueueItem> item(PostgresMailQueue queue, QueuedMail row) {
        MailImpl mail = null;
        Outcome instead = null;
        if (row.interrupted() >= settings.interruptionsMax()) {
            instead = new Outcome.Aside("the program ended " + row.interrupted() + " times while it worked on it");
        } else if (row.attempts() >= settings.attemptsMax()) {
            instead = new Outcome.Aside("it failed " + row.attempts() + " times");
        } else {
            try {
                mail = row.mail();
            } catch (UnreadableMail e) {
                instead = new Outcome.Aside("it cannot be read: " + e.getMessage());
            } catch (BlobsUnavailable e) {
                LOG.warn("event=mail-waits queue={} id={} reason=\"{}\"", queue.label(), row.id(), e.getMessage());
                instead = new Outcome.Later();
            }
        }
        QueueItem item = new QueueItem(queue, row, mail == null ? row.envelope().remains() : mail, this);
        inHand.put(item.handle(), item);
        if (instead == null) {
            return Optional.of(item);
        }
        item.end(instead);
        return Optional.empty();
    }

    /** The mails of which work may begin: those that are leased still. */
    List<QueueItem> begin(Collection<QueueItem> items) {
        Collection<UUID> leased = rows.begin(items, now());
        List<QueueItem> begun = new ArrayList<>(items.size());
        for (QueueItem item : items) {
            if (leased.contains(item.id())) {
                begun.add(item);
            } else {
                inHand.remove(item.handle());
                lost(item);
            }
        }
        return begun;
    }

    /**
     * Writes what became of a mail; when PostgreSQL does not answer, later.
     *
     * @throws StoreUnavailable if trying again would not help; the mail is held still
     */
    void settle(QueueItem item, Outcome outcome) {
        try {
            write(item, outcome);
        } catch (StoreUnavailable e) {
            if (!e.worthRetrying()) {
                throw e;
            }
            LOG.warn(
                    "event=outcome-waits queue={} id={} outcome={} reason=\"{}\"",
                    item.queue().label(),
                    item.id(),
                    outcome.getClass().getSimpleName(),
                    e.getMessage());
        }
    }

    /** Writes the outcomes that could not be written. */
    void settleLate() {
        for (QueueItem item : inHand.values()) {
            Outcome outcome = item.outcome().orElse(null);
            if (outcome != null) {
                settleLate(item, outcome);
            }
        }
    }

    private void settleLate(QueueItem item, Outcome outcome) {
        try {
            write(item, outcome);
        } catch (StoreUnavailable e) {
            if (e.worthRetrying()) {
                throw e;
            }
            LOG.error(
                    "event=outcome-refused queue={} id={}: it is processed again",
                    item.queue().label(),
                    item.id(),
                    e);
            item.end(new Outcome.Later());
        }
    }

    private void write(QueueItem item, Outcome outcome) {
        synchronized (item) { // the one who ends the work, and the one who writes late
            if (!holds(item)) {
                return;
            }
            boolean ours = switch (outcome) {
                case Outcome.Done() -> rows.finish(item, item.work().writes(), now());
                case Outcome.Again(String attributes, String error) ->
                    rows.retry(
                            item,
                            now(),
                            now().plus(settings.retryAfter(item.row().attempts() + 1)),
                            attributes,
                            error);
                case Outcome.Aside(String reason) -> rows.putAside(item, QueueSettings.errors(), reason, now());
                case Outcome.Later() -> rows.postpone(item, now().plus(BLOBS_AWAITED));
                case Outcome.Untouched() -> rows.giveBack(List.of(item)) == 1;
            };
            inHand.remove(item.handle());
            written(item, outcome, ours);
        }
    }

    private static void written(QueueItem item, Outcome outcome, boolean ours) {
        if (!ours) {
            lost(item);
        } else if (outcome instanceof Outcome.Done) {
            item.work().committed();
        } else if (outcome instanceof Outcome.Aside(String reason)) {
            LOG.error(
                    "event=mail-put-aside queue={} name={} reason=\"{}\"",
                    item.queue().label(),
                    item.row().envelope().name(),
                    reason);
        }
        if (item.isSuspect() || outcome instanceof Outcome.Untouched) {
            item.queue().wake();
        }
    }

    private static void lost(QueueItem item) {
        LOG.warn(
                "event=lease-lost queue={} name={}",
                item.queue().label(),
                item.row().envelope().name());
    }

    /** What becomes of a mail that failed: it is tried again, later each time, and put aside in the end. */
    Outcome failed(QueuedMail row, @Nullable String attributes, @Nullable String error) {
        int attempts = row.attempts() + 1;
        return attempts >= settings.attemptsMax()
                ? new Outcome.Aside(
                        "it failed " + attempts + " times" + (error == null ? "" : ", in the end with " + error))
                : new Outcome.Again(attributes, error);
    }

    /** Gives mails back that nobody tried. */
    void giveBack(Collection<QueueItem> items) {
        items.forEach(item -> item.end(new Outcome.Untouched()));
    }

    /** Sees that no mail waits for a time that a clock which was put back has made far away. */
    void mendTimes() {
        Instant later = now().plus(CLOCKS_DIFFER);
        int mended = rows.clockWentBack(later, later.plus(settings.retryMost()), later.plus(settings.lease()));
        if (mended > 0) {
            LOG.warn("event=clock-went-back mails={}", mended);
        }
    }

    /** Renews every lease by one statement. */
    void renew() {
        if (!inHand.isEmpty()) {
            rows.renew(List.copyOf(inHand.values()), now().plus(settings.lease()));
        }
    }

    /** The item of which this mail is, or was split off. */
    Optional<QueueItem> of(Mail mail) {
        return mail.getAttribute(MailEnvelope.QUEUE_ID)
                .flatMap(id -> id.getValue().valueAs(String.class))
                .map(inHand::get);
    }

    boolean holds(QueueItem item) {
        return inHand.containsKey(item.handle());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
