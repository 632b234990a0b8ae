package tg.gouv.messagerie.mail.postgres;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryFactory;
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

    private QueueRepository(ManageableMailQueue queue) {
        this.queue = queue;
    }

    /** Makes the repository of a URL: {@code queue://error/} is the queue « put-aside:error ». */
    public static final class Factory implements MailRepositoryFactory {
        private final PostgresMailQueues queues;

        public Factory(PostgresMailQueues queues) {
            this.queues = queues;
        }

        @Override
        public Class<? extends MailRepository> mailRepositoryClass() {
            return QueueRepository.class;
        }

        @Override
        public MailRepository create(MailRepositoryUrl url) {
            MailQueueName name =
                    MailQueueName.of("put-aside:" + url.getPath().asString().replaceAll("/$", ""));
            return new QueueRepository(queues.createQueue(name));
        }
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
