package tg.gouv.messagerie.mail.delivery;

import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;

/** Ends a delivery that failed without taking the mail out of the queue: see {@link KeptInQueue}. */
public final class KeepInQueue extends GenericMailet {
    @Override
    public void service(Mail mail) throws MessagingException {
        String why = mail.getErrorMessage();
        throw new MessagingException("the delivery of " + mail.getName() + " failed"
                + (why == null ? "" : ": " + why.lines().findFirst().orElse("")));
    }
}
