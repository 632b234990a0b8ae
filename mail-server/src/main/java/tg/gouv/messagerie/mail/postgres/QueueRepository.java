package tg.gouv.messagerie.mail.postgres;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueIterator;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;

/**
 * Mail that is put aside, such as what could not be delivered: a queue that nobody empties, so it is as durable as every other, and
 * seen by the same commands.
 */
public final class QueueRepository implements MailRepository {
    private final ManageableMailQueue queue;

    /** The repository of a URL: {@code queue://error/} is the queue « put-aside:error ». James makes it by this. */
    @Inject
    public QueueRepository(PostgresMailQueues queues, MailRepositoryUrl url) {
        String path = url.getPath().asString();
        this.queue = queues.createQueue(
                MailQueueName.of("put-aside:" + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path)));
    }

    @Override
    public long size() throws MessagingException {
        return queue.getSize();
    }

    /** Durable when this returns; a mail of the same name is replaced. */
    @Override
    public MailKey store(Mail mail) throws MessagingException {
        queue.remove(ManageableMailQueue.Type.Name, mail.getName());
        queue.enQueue(mail);
        return MailKey.forMail(mail);
    }

    @Override
    public Iterator<MailKey> list() throws MessagingException {
        List<MailKey> keys = new ArrayList<>();
        MailQueueIterator mails = queue.browse();
        mails.forEachRemaining(mail -> keys.add(MailKey.forMail(mail.getMail())));
        mails.close();
        return keys.iterator();
    }

    @Override
    public @Nullable Mail retrieve(MailKey key) throws MessagingException {
        MailQueueIterator mails = queue.browse();
        while (mails.hasNext()) {
            Mail mail = mails.next().getMail();
            if (mail.getName().equals(key.asString())) {
                return mail;
            }
        }
        return null;
    }

    @Override
    public void remove(MailKey key) throws MessagingException {
        queue.remove(ManageableMailQueue.Type.Name, key.asString());
    }

    @Override
    public void removeAll() throws MessagingException {
        queue.clear();
    }
}
