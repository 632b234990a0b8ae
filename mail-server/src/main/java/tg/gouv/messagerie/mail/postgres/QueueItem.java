package tg.gouv.messagerie.mail.postgres;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.mail.MessagingException;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** A mail that this program holds, until it says what became of it; the first answer stands. */
final class QueueItem implements MailQueueItem {
    /** Where James's spooler counts how often it failed on a mail (JamesMailSpooler). */
    private static final AttributeName FAILURES = AttributeName.of("mail-processing-error-count");

    private final PostgresMailQueue queue;
    private final QueuedMail row;
    private final MailImpl mail;
    private final int failures;
    private final int hops;
    private final UUID lease;
    private final QueueLeases leases;
    private final Work work = new Work(this);
    private volatile @Nullable Outcome outcome;

    QueueItem(PostgresMailQueue queue, QueuedMail row, MailImpl mail, QueueLeases leases) {
        this.queue = queue;
        this.row = row;
        this.mail = mail;
        this.failures = number(mail, FAILURES);
        this.hops = number(mail, MailEnvelope.HOPS);
        this.lease = Objects.requireNonNull(row.lease());
        this.leases = leases;
        mail.setAttribute(new Attribute(MailEnvelope.QUEUE_ID, AttributeValue.of(handle())));
    }

    /** What becomes of a mail. */
    sealed interface Outcome {
        /** It was processed; what that brought forth is written together with its removal. */
        record Done() implements Outcome {}

        /**
         * It failed, and is tried again as it was enqueued.
         *
         * @param attributes new ones, or {@code null}
         */
        record Again(@Nullable String attributes, @Nullable String error) implements Outcome {}

        /** It waits for an administrator. */
        record Aside(String reason) implements Outcome {}

        /** It cannot be tried now, and waits a little. */
        record Later() implements Outcome {}

        /** Nobody tried it. */
        record Untouched() implements Outcome {}
    }

    PostgresMailQueue queue() {
        return queue;
    }

    QueuedMail row() {
        return row;
    }

    UUID id() {
        return row.id();
    }

    /** The claim by which this program holds it. */
    UUID lease() {
        return lease;
    }

    /** By which the mail, and every mail that James splits off it, is known. */
    String handle() {
        return lease + "/" + row.id();
    }

    /** How often one mail brought forth another until this one came about. */
    int hops() {
        return hops;
    }

    /** What processing it brings forth. */
    Work work() {
        return work;
    }

    /** Whether a program ended once while it worked on this. */
    boolean isSuspect() {
        return row.interrupted() > 0;
    }

    Optional<Outcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    @Override
    public Mail getMail() {
        return mail;
    }

    /**
     * Writes what became of the mail. If PostgreSQL does not answer, this returns all the same: the lease is kept and the outcome
     * written as soon as it can be; should the program end before, the mail is processed once more.
     *
     * <p>RETRY and REJECT say the same, that it failed: James rejects when it could not even put a failed mail elsewhere, which
     * may be over soon.
     *
     * @throws MailQueueException if what the mail brought forth cannot be written; the mail is held still
     */
    @Override
    public void done(CompletionStatus status) throws MailQueueException {
        if (outcome != null) {
            return;
        }
        switch (status) {
            case SUCCESS -> finish();
            case RETRY, REJECT -> again(null, null);
        }
    }

    private void finish() throws MailQueueException {
        Exception failure = work.failure().orElse(null);
        if (failure == null) {
            try {
                end(new Outcome.Done());
                return;
            } catch (StoreUnavailable e) {
                outcome = null;
                failure = e;
            }
        }
        work.forget();
        throw new MailQueueException("what the mail brought forth cannot be written", failure);
    }

    /**
     * Hears James say that its work on this mail failed: it enqueues the mail that it works on, with its count of failures raised.
     * The mail is then tried again, as it was enqueued; nothing but its row changes.
     *
     * @return false if that is not what James says
     */
    @SuppressWarnings("ReferenceEquality") // the mail itself, not one like it
    boolean hearsFailure(Mail enqueued) {
        if (enqueued != mail || outcome != null || number(enqueued, FAILURES) <= failures) {
            return false;
        }
        String attributes =
                row.envelope().attributesWith(new Attribute(FAILURES, AttributeValue.of(number(enqueued, FAILURES))));
        again(attributes, EscapedText.columnOrNull(mail.getErrorMessage()));
        return true;
    }

    private void again(@Nullable String attributes, @Nullable String error) {
        work.forget();
        end(damage().<Outcome>map(Outcome.Aside::new).orElseGet(() -> leases.failed(row, attributes, error)));
    }

    /** Ends the hold without anybody having tried. */
    void end(Outcome chosen) {
        outcome = chosen;
        leases.settle(this, chosen);
    }

    private Optional<String> damage() {
        try {
            return mail.getMessage() instanceof StoredMessage message ? message.damage() : Optional.empty();
        } catch (MessagingException e) {
            throw new IllegalStateException("a message that was set", e);
        }
    }

    private static int number(Mail mail, AttributeName attribute) {
        return mail.getAttribute(attribute)
                .flatMap(each -> each.getValue().valueAs(Integer.class))
                .orElse(0);
    }
}
