package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.inject.Inject;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** Puts the program's own messages into the queue that clients' submissions take. */
final class QueuedSubmission implements Submission {
    private static final int RECIPIENTS_MAX = 5_000;

    private final ManageableMailQueue queue;

    @Inject
    QueuedSubmission(MailQueueFactory<?> queues) {
        MailQueue spool = queues.createQueue(MailQueueFactory.SPOOL);
        if (!(spool instanceof ManageableMailQueue manageable)) {
            throw new IllegalStateException("the queue cannot be counted");
        }
        this.queue = manageable;
    }

    @Override
    public void submit(MailAddress sender, Collection<MailAddress> recipients, InputStream message) throws IOException {
        if (recipients.isEmpty() || recipients.size() > RECIPIENTS_MAX) {
            throw new IllegalArgumentException("1 to 5,000 recipients, found " + recipients.size());
        }
        String name = "program-" + UUID.randomUUID();
        MailImpl mail = null;
        try {
            MimeMessageInputStreamSource source = MimeMessageInputStreamSource.create(name, message);
            mail = MailImpl.builder()
                    .name(name)
                    .sender(james(sender))
                    .addRecipients(james(recipients))
                    .mimeMessage(new MimeMessageWrapper(source))
                    .build();
            queue.enQueue(mail);
        } catch (MailQueue.MailQueueException e) {
            throw e.getCause() instanceof StoreUnavailable unavailable
                    ? unavailable
                    : new IllegalStateException("the queue refuses a message", e);
        } catch (MessagingException e) {
            throw new IOException("the message cannot be read", e);
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    /** How many messages wait. */
    long queued() {
        try {
            return queue.getSize();
        } catch (MailQueue.MailQueueException e) {
            throw e.getCause() instanceof StoreUnavailable unavailable
                    ? unavailable
                    : new IllegalStateException("the queue cannot be counted", e);
        }
    }

    private static List<org.apache.james.core.MailAddress> james(Collection<MailAddress> addresses)
            throws AddressException {
        List<org.apache.james.core.MailAddress> all = new ArrayList<>();
        for (MailAddress address : addresses) {
            all.add(james(address));
        }
        return all;
    }

    private static org.apache.james.core.MailAddress james(MailAddress address) throws AddressException {
        return new org.apache.james.core.MailAddress(address.toString());
    }
}
