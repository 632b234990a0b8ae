package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.exception.MailboxException;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * What is done for one recipient of a queued mail, written by one transaction: the message in a mailbox, what a filter or an absence
 * enqueues, and the row that says the recipient has it all. Made by {@link Deliveries}; ends with it.
 */
public final class Delivery {
    /** Where a session carries its delivery. */
    private static final String ATTRIBUTE = Delivery.class.getName();

    /**
     * After {@code with}: writes the row, unless it is there or the mail is no longer ours. The foreign key waits for whoever removes
     * the mail.
     */
    static final String MARK = "d as (insert into delivered(queue_id, recipient)"
            + " select id, ? from queue_mail where id = ? and lease = ? on conflict do nothing returning queue_id, recipient),"
            + " traced as (insert into trace_outcome(queue_id, at, recipient, outcome, detail)"
            + " select queue_id, ?, recipient, ?, ? from d)";

    /** The mailboxes that everybody has. */
    private static final Set<String> DEFAULTS = Set.of("INBOX", "Drafts", "Sent", "Junk", "Trash", "Archive");

    private final Work work;
    private final String recipient;
    private final Instant now;
    private volatile @Nullable String filed;
    private volatile boolean committed;
    private volatile boolean repeated;

    Delivery(Work work, String recipient, Instant now) {
        this.now = now;
        this.work = work;
        this.recipient = recipient;
    }

    /** Makes the message that is appended next through this session part of the delivery. */
    public void through(MailboxSession session) {
        session.getAttributes().put(ATTRIBUTE, this);
    }

    static Optional<Delivery> of(@Nullable MailboxSession session) {
        return Optional.ofNullable(session)
                .map(each -> each.getAttributes().get(ATTRIBUTE))
                .map(Delivery.class::cast);
    }

    /** Notes that the message goes to a mailbox; a trace tells its kind, not the name that somebody gave it. */
    void filedIn(String mailbox) {
        filed = DEFAULTS.contains(mailbox) ? mailbox.toLowerCase(Locale.ROOT) : "folder";
    }

    /** The parameters of {@link #MARK}. */
    @Nullable
    Object[] mark() {
        String outcome = filed != null ? "delivered" : hasWrites() ? "forwarded" : "discarded";
        return new @Nullable Object[] {
            recipient, work.item().id(), work.item().lease(), QueueRows.at(now), outcome, filed
        };
    }

    /** The body of the queued mail, which the delivered message has too as a rule. */
    Optional<StoredMessage.Stored> likely() {
        return Optional.ofNullable(work.item().row().content().stored());
    }

    /** Whether the delivery brought forth more than the message. */
    boolean hasWrites() {
        return !work.writes().isEmpty();
    }

    /** Writes what the delivery brought forth beside the message, in the transaction of its row. */
    void write(Connection c) throws SQLException {
        for (Work.Write each : work.writes()) {
            each.on(c);
        }
    }

    /** Notes that all of it is durable. */
    void committed() {
        committed = true;
    }

    boolean isCommitted() {
        return committed;
    }

    /** Whether the recipient had the mail already: nothing was written this time. */
    boolean isRepeated() {
        return repeated;
    }

    /**
     * Finds out why the row was not written; returns if that was not because of the row.
     *
     * @throws NotDelivered if the recipient has the mail already, or the mail is another's
     */
    void whyNot(Connection c) throws SQLException, NotDelivered {
        repeated = Sql.first(
                        c,
                        row -> 1,
                        "select from delivered where queue_id = ? and recipient = ?",
                        work.item().id(),
                        recipient)
                .isPresent();
        boolean ours = Sql.first(
                        c,
                        row -> 1,
                        "select from queue_mail where id = ? and lease = ?",
                        work.item().id(),
                        work.item().lease())
                .isPresent();
        if (repeated) {
            throw new NotDelivered("the recipient has the mail already");
        }
        if (!ours) {
            throw new NotDelivered("the mail was taken over by another node, or removed");
        }
    }

    /** Nothing was written: there was nothing to do, or no right to. */
    static final class NotDelivered extends MailboxException {
        private static final long serialVersionUID = 1;

        NotDelivered(String message) {
            super(message);
        }
    }
}
