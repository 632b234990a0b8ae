package tg.gouv.messagerie.mail.delivery;

import java.time.Clock;
import java.util.List;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.MailSettings;

/** What becomes of an accepted message for recipients whose mailboxes are full: its sender is told (RFC 5321 section 6.1). */
final class ReturnToSender {
    private static final Logger LOG = LoggerFactory.getLogger(ReturnToSender.class);

    private final FullMailboxes full;
    private final DeliveryStatusNotification notification;
    private final Clock clock;

    @Inject
    ReturnToSender(FullMailboxes full, MailSettings settings, Clock clock) {
        this.full = full;
        this.notification = new DeliveryStatusNotification(settings.hostName());
        this.clock = clock;
    }

    /** Queues the notification, durably, and notes that the mailboxes are full. */
    void mailboxesFull(Mail mail, List<MailAddress> recipients, MailetContext context) throws MessagingException {
        recipients.forEach(full::note);
        LOG.info("event=mailbox_full mail={} recipients={}", mail.getName(), recipients);
        if (mail.hasSender()) {
            context.sendMail(
                    MailAddress.nullSender(),
                    mail.getMaybeSender().asList(),
                    notification.failed(mail, recipients, DeliveryStatusNotification.MAILBOX_FULL, clock.instant()));
        } else {
            // RFC 5321 section 4.5.5: nobody is told of what has no reverse-path; it is put aside, since it was
            // accepted
            context.sendMail(MailAddress.nullSender(), recipients, mail.getMessage(), Mail.ERROR);
        }
    }

    /** Queues the notification that the sender may not write to these lists, durably; of a report nobody is told. */
    void listClosed(Mail mail, List<MailAddress> lists, MailetContext context) throws MessagingException {
        LOG.info("event=list_closed mail={} lists={}", mail.getName(), lists);
        if (mail.hasSender()) { // RFC 5321 section 4.5.5
            context.sendMail(
                    MailAddress.nullSender(),
                    mail.getMaybeSender().asList(),
                    notification.failed(mail, lists, DeliveryStatusNotification.LIST_CLOSED, clock.instant()));
        }
    }

    /** Queues the notification that an operator returned the message, durably; of one without a sender nobody is told. */
    void returned(Mail mail, MailetContext context) throws MessagingException {
        LOG.info("event=mail_returned mail={} recipients={}", mail.getName(), mail.getRecipients());
        if (mail.hasSender() && !mail.getRecipients().isEmpty()) { // RFC 5321 section 4.5.5
            context.sendMail(
                    MailAddress.nullSender(),
                    mail.getMaybeSender().asList(),
                    notification.failed(
                            mail, mail.getRecipients(), DeliveryStatusNotification.RETURNED, clock.instant()));
        }
    }
}
