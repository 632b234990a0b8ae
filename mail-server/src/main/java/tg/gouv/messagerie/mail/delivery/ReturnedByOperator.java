package tg.gouv.messagerie.mail.delivery;

import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;

/** Ends a mail that an operator returns: its sender is told, nobody receives it. */
public final class ReturnedByOperator extends GenericMailet {
    private final ReturnToSender returns;

    /** Returns by this. */
    @Inject
    public ReturnedByOperator(ReturnToSender returns) {
        this.returns = returns;
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        returns.returned(mail, getMailetContext());
        mail.setState(Mail.GHOST);
    }
}
