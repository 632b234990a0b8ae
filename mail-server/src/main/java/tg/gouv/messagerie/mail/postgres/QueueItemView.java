package tg.gouv.messagerie.mail.postgres;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueItemView;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import tg.gouv.messagerie.mail.postgres.QueueEnvelope.UnreadableMail;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;

/** A mail as an operator sees it in a queue. */
public final class QueueItemView implements MailQueueItemView {
    private final MailImpl mail;
    private final QueuedMail row;
    private final Optional<String> problem;

    private QueueItemView(MailImpl mail, QueuedMail row, Optional<String> problem) {
        this.mail = mail;
        this.row = row;
        this.problem = problem;
    }

    static QueueItemView of(QueuedMail row) {
        Optional<String> held = Optional.ofNullable(row.heldBecause());
        try {
            return new QueueItemView(row.mail(), row, held);
        } catch (UnreadableMail | BlobsUnavailable e) {
            String because = "it cannot be read: " + e.getMessage();
            return new QueueItemView(row.envelope().remains(), row, Optional.of(held.orElse(because)));
        }
    }

    /** The mail; of one that cannot be read, what is left: its name, state and error. */
    @Override
    public Mail getMail() {
        return mail;
    }

    @Override
    public Optional<ZonedDateTime> getNextDelivery() {
        return Optional.of(row.due().atZone(ZoneOffset.UTC));
    }

    /** Why nobody works on it, if it is held or would be. */
    public Optional<String> heldBecause() {
        return problem;
    }

    /** How often it was tried. */
    public int attempts() {
        return row.attempts();
    }
}
