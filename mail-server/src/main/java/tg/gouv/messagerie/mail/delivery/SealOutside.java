package tg.gouv.messagerie.mail.delivery;

import java.util.List;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import tg.gouv.messagerie.mail.postgres.Deliveries;

/** Delivers to a local mailbox what was meant for the outside world: a demonstration never talks to it. */
public final class SealOutside extends GenericMailet {
    /** Names each recipient for whom the message was meant. */
    public static final String HEADER = "X-Messagerie-Outside-Recipient";

    @Override
    public void service(Mail mail) throws MessagingException {
        MimeMessage message = mail.getMessage();
        message.removeHeader(HEADER); // only ours counts
        for (MailAddress recipient : mail.getRecipients()) {
            message.addHeader(HEADER, recipient.asString());
        }
        message.saveChanges();
        // Somebody may write to that mailbox too, by the same mail.
        mail.setAttribute(new Attribute(Deliveries.PART, AttributeValue.of("outside")));
        mail.setRecipients(List.of(new MailAddress(getInitParameter("mailbox"))));
    }
}
