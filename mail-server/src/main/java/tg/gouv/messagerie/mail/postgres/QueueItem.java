package tg.gouv.messagerie.mail.postgres;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.postgres.QueueLeases.Outcome;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** A mail that somebody works on, until he says what became of it. */
final class QueueItem implements MailQueueItem {
    private static final Logger LOG = LoggerFactory.getLogger(QueueItem.class);

    private final String queue;
    private final QueuedMail row;
    private final MailImpl mail;
    private final @Nullable QueuedMessage message;
    private final QueueLeases leases;

    /** The first answer stands. */
    private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();

    private volatile boolean written;

    QueueItem(String queue, QueuedMail row, MailImpl mail, @Nullable QueuedMessage message, QueueLeases leases) {
        this.queue = queue;
        this.row = row;
        this.mail = mail;
        this.message = message;
        this.leases = leases;
    }

    @Override
    public Mail getMail() {
        return mail;
    }

    /**
     * Writes what became of the mail. RETRY and REJECT say the same, that it failed: James rejects when it could not even put a
     * failed mail elsewhere, which may be over soon.
     */
    @Override
    public void done(CompletionStatus status) throws MailQueueException {
        outcome.compareAndSet(null, outcome(status));
        if (written) {
            return;
        }
        try {
            settle(outcome.get());
            written = true;
        } catch (StoreUnavailable e) {
            throw new MailQueueException("The mail queue does not answer", e);
        }
    }

    /** Gives the mail back: nobody tried it. */
    void giveBack() {
        outcome.compareAndSet(null, new Outcome.Untouched());
        try {
            settle(outcome.get());
        } catch (StoreUnavailable e) {
            LOG.warn("mail queue: mail id={} is given back late: {}", row.id(), e.getMessage());
        }
    }

    private void settle(@Nullable Outcome chosen) {
        if (chosen == null) {
            throw new IllegalStateException("an outcome was chosen before");
        }
        if (!leases.settle(row.id(), chosen)) {
            LOG.warn(
                    "mail queue: queue={} name={} was removed, or given to another node, while it was processed",
                    queue,
                    row.envelope().name());
        } else if (chosen instanceof Outcome.Held(String because)) {
            logHeld(queue, row.envelope().name(), because);
        }
    }

    private Outcome outcome(CompletionStatus status) {
        return switch (status) {
            case SUCCESS -> new Outcome.Done();
            case RETRY, REJECT ->
                damage().<Outcome>map(Outcome.Held::new).orElseGet(() -> leases.failed(row.attempts()));
        };
    }

    private Optional<String> damage() {
        return Optional.ofNullable(message).flatMap(QueuedMessage::damage);
    }

    /** Wakes somebody: a mail waits for an operator. */
    static void logHeld(String queue, String name, String because) {
        LOG.error("mail queue: queue={} name={} is held: {}", queue, name, because);
    }
}
