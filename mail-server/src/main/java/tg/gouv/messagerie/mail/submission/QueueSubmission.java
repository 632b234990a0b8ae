package tg.gouv.messagerie.mail.submission;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The program's own messages, in the queue of everybody's. */
public final class QueueSubmission implements Submission {
    /** What one message to many costs: one row of the queue with its recipients. */
    private static final int RECIPIENTS_MAX = 5_000;

    private final MailQueue queue;

    /** Submits into the spool. */
    @Inject
    public QueueSubmission(MailQueueFactory<?> queues) {
        this.queue = queues.createQueue(MailQueueFactory.SPOOL);
    }

    @Override
    public void submit(MailAddress sender, Collection<MailAddress> recipients, InputStream message) throws IOException {
        if (recipients.isEmpty() || recipients.size() > RECIPIENTS_MAX) {
            throw new IllegalArgumentException("a message has 1 to " + RECIPIENTS_MAX + " recipients");
        }
        MailImpl mail = null;
        try {
            String name = MailImpl.getId();
            List<org.apache.james.core.MailAddress> to = new ArrayList<>();
            for (MailAddress recipient : recipients) {
                to.add(address(recipient));
            }
            mail = MailImpl.builder()
                    .name(name)
                    .sender(MaybeSender.of(address(sender)))
                    .addRecipients(to)
                    .build();
            mail.setMessageContent(MimeMessageInputStreamSource.create(name, message));
            queue.enQueue(mail);
        } catch (MailQueue.MailQueueException e) {
            throw new StoreUnavailable("the mail queue did not take a message of the program", true, e);
        } catch (MessagingException e) {
            throw new IOException("the message cannot be read", e);
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    private static org.apache.james.core.MailAddress address(MailAddress ours) {
        try {
            return new org.apache.james.core.MailAddress(ours.toString());
        } catch (AddressException e) {
            throw new IllegalStateException("an address of the directory is none for James", e);
        }
    }
}
