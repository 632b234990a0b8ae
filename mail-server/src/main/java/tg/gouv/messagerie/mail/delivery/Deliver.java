package tg.gouv.messagerie.mail.delivery;

import java.util.ArrayList;
import java.util.List;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.mailbox.exception.OverQuotaException;
import org.apache.james.mailbox.model.MailboxConstants;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.james.user.api.UsersRepository;
import org.apache.mailet.Mail;
import org.apache.mailet.StorageDirective;
import org.apache.mailet.base.GenericMailet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.postgres.Deliveries;
import tg.gouv.messagerie.mail.postgres.Delivery;

/*
 * For each recipient, one transaction holds the message in a mailbox, everything that is enqueued for him (redirect, reject,
 * answer), and the row that says he has it (Deliveries). So a mail may be delivered again from its beginning, after a crash or
 * a failure, and each recipient has it once.
 *
 * Filters and absences see a mail for the one recipient: their actions speak of « the » recipient, and one's filter does not see
 * what another's did.
 */
/** Delivers a mail to its recipients' mailboxes, through absences and filters, once to each. */
public final class Deliver extends GenericMailet {
    private static final Logger LOG = LoggerFactory.getLogger(Deliver.class);

    private final Deliveries deliveries;
    private final RecipientWishes wishes;
    private final UsersRepository users;
    private final Filing filing;
    private final ReturnToSender returns;

    /** Delivers by these parts. */
    @Inject
    public Deliver(
            Deliveries deliveries,
            RecipientWishes wishes,
            UsersRepository users,
            Filing filing,
            ReturnToSender returns) {
        this.deliveries = deliveries;
        this.wishes = wishes;
        this.users = users;
        this.filing = filing;
        this.returns = returns;
    }

    /**
     * Delivers to every recipient who does not have the mail yet. For who is over quota it goes back to its sender.
     *
     * @throws MessagingException if it could not be delivered to someone; it is to be tried again
     */
    @Override
    public void service(Mail mail) throws MessagingException {
        List<MailAddress> overQuota = new ArrayList<>();
        Exception failure = null;
        for (MailAddress recipient : List.copyOf(mail.getRecipients())) {
            try {
                deliveries.once(mail, recipient, delivery -> deliver(mail, recipient, delivery));
            } catch (OverQuotaException e) {
                overQuota.add(recipient);
            } catch (Exception e) {
                LOG.warn("event=not-delivered mail={} recipient={}", mail.getName(), recipient.asString(), e);
                failure = e;
            } catch (StackOverflowError
                    | LinkageError
                    | AssertionError e) { // the other recipients' mail is not poisoned
                LOG.error("event=not-delivered mail={} recipient={}", mail.getName(), recipient.asString(), e);
                failure = new IllegalStateException(e);
            }
        }
        if (failure != null) {
            throw new MessagingException("the mail could not be delivered to everybody", failure);
        }
        if (!overQuota.isEmpty()) {
            returns.mailboxesFull(mail, overQuota, getMailetContext());
        }
        mail.setState(Mail.GHOST);
    }

    private void deliver(Mail mail, MailAddress recipient, Delivery delivery) throws Exception {
        MailImpl one = MailImpl.builder()
                .name(MailImpl.getId()) // one that is derived would, after some redirects, look like a loop to James
                .sender(mail.getMaybeSender())
                .addRecipient(recipient)
                .state(mail.getState())
                .remoteHost(mail.getRemoteHost())
                .remoteAddr(mail.getRemoteAddr())
                .lastUpdated(mail.getLastUpdated())
                .addAttributes(mail.attributes().toList())
                .addAllHeadersForRecipients(mail.getPerRecipientSpecificHeaders())
                .build();
        one.setMessageNoCopy((MimeMessageWrapper) mail.getMessage()); // the same: not to be disposed of with this mail
        wishes.follow(one, recipient, getMailetContext());
        if (one.getRecipients().isEmpty()) {
            return; // the filter discarded, redirected or rejected it
        }
        Username user = users.getUsername(recipient);
        StorageDirective place = StorageDirective.fromMail(user, one).withDefaultFolder(MailboxConstants.INBOX);
        filing.file(one, recipient, user, place, delivery);
    }
}
