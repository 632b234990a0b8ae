package tg.gouv.messagerie.mail.delivery;

import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.user.api.UsersRepositoryException;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import tg.gouv.messagerie.mail.postgres.MailUnavailable;

/** Makes the recipients' default mailboxes before their first message. */
public final class ProvideMailboxes extends GenericMailet {
    private final DefaultMailboxes defaults;
    private final MailboxManager mailboxes;
    private final UsersRepository users;

    /** Mailboxes of these users. */
    @Inject
    public ProvideMailboxes(DefaultMailboxes defaults, MailboxManager mailboxes, UsersRepository users) {
        this.defaults = defaults;
        this.mailboxes = mailboxes;
        this.users = users;
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        try {
            for (MailAddress recipient : mail.getRecipients()) {
                defaults.provide(mailboxes.createSystemSession(users.getUsername(recipient)));
            }
        } catch (MailUnavailable | MailboxException | UsersRepositoryException e) {
            throw new MessagingException("the mailboxes cannot be made", e);
        }
    }
}
