package tg.gouv.messagerie.mail.delivery;

import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.lmtp.LMTPMultiResponse;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.smtpserver.DataLineJamesMessageHookHandler;
import org.apache.mailet.Mail;
import tg.gouv.messagerie.mail.smtp.SmtpReply;
import tg.gouv.messagerie.mail.trace.MailDoor;

/** Queues a message that came over LMTP, and answers once for each recipient (RFC 2033 section 4.2). */
public final class LmtpQueueing extends DataLineJamesMessageHookHandler {
    @Override
    protected Response processExtensions(SMTPSession session, Mail mail, MimeMessageInputStreamSource source) {
        List<MailAddress> recipients = List.copyOf(mail.getRecipients());
        MailDoor.note("lmtp", mail);
        Response outcome = super.processExtensions(session, mail, source);
        Response each = outcome == null ? SmtpReply.TRY_LATER.response() : outcome;
        LMTPMultiResponse all = new LMTPMultiResponse(each);
        recipients.stream().skip(1).forEach(_ -> all.addResponse(each));
        return all;
    }
}
