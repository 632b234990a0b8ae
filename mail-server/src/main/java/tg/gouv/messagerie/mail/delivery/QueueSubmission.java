package tg.gouv.messagerie.mail.delivery;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import javax.inject.Inject;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Letter;
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The program's own messages, in the queue of everybody's. */
public final class QueueSubmission implements Submission {
    /** What one message to many costs: one row of the queue with its recipients. */
    private static final int RECIPIENTS_MAX = 5_000;

    /** What fits beside a queue's row: whoever holds a connection writes no object. */
    private static final int WITHIN_BYTES_MAX = 32 * 1024;

    private final PostgresMailQueues queues;
    private final MailQueue queue;
    private final Clock clock;

    /** Submits into the spool. */
    @Inject
    public QueueSubmission(PostgresMailQueues queues, Clock clock) {
        this.clock = clock;
        this.queues = queues;
        this.queue = queues.createQueue(MailQueueFactory.SPOOL);
    }

    @Override
    public void submit(MailAddress sender, Collection<MailAddress> recipients, InputStream message) throws IOException {
        MailImpl mail = null;
        try {
            mail = mail(MaybeSender.of(address(sender)), recipients, message);
            queue.enQueue(mail);
        } catch (MailQueue.MailQueueException e) {
            throw new StoreUnavailable("the mail queue did not take a message of the program", true, e);
        } catch (MessagingException e) {
            throw new IOException("the message cannot be read", e);
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    @Override
    public void submit(Connection connection, Letter letter) throws SQLException {
        MailImpl mail = null;
        try {
            mail = mail(MaybeSender.nullSender(), letter.recipients(), octets(letter));
            queues.enQueue(connection, MailQueueFactory.SPOOL, mail);
        } catch (IOException | MessagingException e) {
            throw new IllegalArgumentException("the message cannot be read", e);
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    private InputStream octets(Letter letter) throws IOException, MessagingException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        AutomaticMessage.of(letter, clock.instant()).writeTo(octets);
        if (octets.size() > WITHIN_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a letter has at most " + WITHIN_BYTES_MAX + " bytes, found " + octets.size());
        }
        return new ByteArrayInputStream(octets.toByteArray());
    }

    private static MailImpl mail(MaybeSender sender, Collection<MailAddress> recipients, InputStream message)
            throws IOException, MessagingException {
        if (recipients.isEmpty() || recipients.size() > RECIPIENTS_MAX) {
            throw new IllegalArgumentException("a message has 1 to " + RECIPIENTS_MAX + " recipients");
        }
        String name = MailImpl.getId();
        MailImpl mail = MailImpl.builder()
                .name(name)
                .sender(sender)
                .addRecipients(recipients.stream().map(QueueSubmission::address).toList())
                .build();
        mail.setMessageContent(MimeMessageInputStreamSource.create(name, message));
        return mail;
    }

    private static org.apache.james.core.MailAddress address(MailAddress ours) {
        try {
            return new org.apache.james.core.MailAddress(ours.toString());
        } catch (AddressException e) {
            throw new IllegalStateException("an address of the directory is none for James", e);
        }
    }
}
