package tg.gouv.messagerie.mail.delivery;

import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import tg.gouv.messagerie.mail.postgres.PostgresOutgoing;
import tg.gouv.messagerie.mail.transfer.outgoing.Destination;

/** Queues a message for other servers, once for each recipient; whether the others of the mail get it is no matter of theirs. */
public final class SendOutside extends GenericMailet {
    private final PostgresOutgoing outgoing;

    /** Into this queue. */
    @Inject
    public SendOutside(PostgresOutgoing outgoing) {
        this.outgoing = outgoing;
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        outgoing.enqueue(
                mail,
                recipient ->
                        Destination.ofDomain(recipient.getDomain().asString()).domain());
        mail.setState(Mail.GHOST);
    }
}
