package tg.gouv.messagerie.mail.delivery;

import java.util.Collections;
import java.util.Iterator;
import javax.mail.MessagingException;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryFactory;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;

/**
 * James's place for mail that cannot be delivered: it takes none, so that what is refused stays where it is durable, in the
 * queue, which tries it again and then holds it for an administrator.
 */
public final class KeptInQueue implements MailRepository {
    /** How the configuration names it. */
    public static final String PROTOCOL = "queue";

    /** What James asks for it. */
    public static final class Factory implements MailRepositoryFactory {
        @Override
        public Class<? extends MailRepository> mailRepositoryClass() {
            return KeptInQueue.class;
        }

        @Override
        public MailRepository create(MailRepositoryUrl url) {
            return new KeptInQueue();
        }
    }

    @Override
    public MailKey store(Mail mail) throws MessagingException {
        throw new MessagingException(mail.getName() + " is kept in the queue");
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public Iterator<MailKey> list() {
        return Collections.emptyIterator();
    }

    @Override
    public @Nullable Mail retrieve(MailKey key) {
        return null;
    }

    @Override
    public void remove(MailKey key) {}

    @Override
    public void removeAll() {}
}
