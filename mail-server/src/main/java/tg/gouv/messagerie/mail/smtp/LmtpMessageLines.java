package tg.gouv.messagerie.mail.smtp;

import javax.inject.Inject;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.lmtp.LMTPMultiResponse;
import org.apache.james.protocols.smtp.SMTPSession;
import tg.gouv.messagerie.mail.MailSettings;

/** The same for LMTP, which refuses a message once for each recipient (RFC 2033 section 4.2). */
public final class LmtpMessageLines extends MessageLines {
    /** Lines of messages up to the size of the settings. */
    @Inject
    public LmtpMessageLines(MailSettings settings, Refused refused) {
        super(settings, refused);
    }

    @Override
    Response refusal(SMTPSession session, SmtpReply fault) {
        LMTPMultiResponse all = new LMTPMultiResponse(fault.response());
        for (int i = 1; i < session.getRcptCount(); i++) {
            all.addResponse(fault.response());
        }
        return all;
    }
}
