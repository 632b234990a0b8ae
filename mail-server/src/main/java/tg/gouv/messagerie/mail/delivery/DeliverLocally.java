package tg.gouv.messagerie.mail.delivery;

import java.util.ArrayList;
import java.util.List;
import javax.inject.Inject;
import javax.inject.Named;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.exception.OverQuotaException;
import org.apache.james.mailbox.model.MailboxConstants;
import org.apache.james.transport.mailets.delivery.MailDispatcher;
import org.apache.james.transport.mailets.delivery.MailStore;
import org.apache.james.transport.mailets.delivery.MailboxAppenderImpl;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.user.api.UsersRepositoryException;
import org.apache.mailet.Mail;
import org.apache.mailet.StorageDirective;
import org.apache.mailet.base.GenericMailet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/*
 * James's LocalDelivery tries a full mailbox four times and then puts the message aside: the sender never hears of it. Here the
 * sender is told at once (RFC 5321 section 6.1), and what failed for another reason takes James's way.
 */
/** Delivers to the recipients' mailboxes, where their filters want it, else to INBOX; who does not fit is told to the sender. */
public final class DeliverLocally extends GenericMailet {
    private static final Logger LOG = LoggerFactory.getLogger(DeliverLocally.class);

    private final MailboxAppenderImpl mailboxes;
    private final UsersRepository users;
    private final ReturnToSender returns;

    /** Delivers to these mailboxes. */
    @Inject
    public DeliverLocally(
            @Named("mailboxmanager") MailboxManager mailboxes, UsersRepository users, ReturnToSender returns) {
        this.mailboxes = new MailboxAppenderImpl(mailboxes);
        this.users = users;
        this.returns = returns;
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        List<MailAddress> unfit = new ArrayList<>();
        MailDispatcher.builder()
                .mailStore(store(unfit))
                .mailetContext(getMailetContext())
                .retries(MailDispatcher.RETRIES)
                .build()
                .dispatch(mail);
        if (!unfit.isEmpty()) {
            returns.mailboxesFull(mail, unfit, getMailetContext());
        }
    }

    /** Stores for one recipient after the other; those into whose mailboxes the message does not fit are added to the list. */
    private MailStore store(List<MailAddress> unfit) {
        return (recipient, mail) -> append(recipient, mail).onErrorResume(DeliverLocally::isOverQuota, _ -> {
            unfit.add(recipient);
            return Mono.empty();
        });
    }

    private Mono<Void> append(MailAddress recipient, Mail mail) {
        try {
            Username account = users.getUsername(recipient);
            StorageDirective where = StorageDirective.fromMail(account, mail).withDefaultFolder(MailboxConstants.INBOX);
            return mailboxes
                    .append(mail.getMessage(), account, where)
                    .doOnSuccess(id -> LOG.info(
                            "event=delivered mail={} recipient={} message={}",
                            mail.getName(),
                            recipient.asString(),
                            id.getMessageId().serialize()))
                    .then();
        } catch (MessagingException | UsersRepositoryException e) {
            return Mono.error(e);
        }
    }

    private static boolean isOverQuota(Throwable failure) {
        return failure instanceof OverQuotaException || failure.getCause() instanceof OverQuotaException;
    }
}
