package tg.gouv.messagerie.mail.submission;

import java.util.Optional;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MailHook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** At submission, only somebody who signed in sends, and only with a reverse-path of theirs (RFC 6409 section 6.1). */
public final class OwnSender implements MailHook {
    private static final Logger log = LoggerFactory.getLogger(OwnSender.class);

    private final Senders senders;

    /** Reverse-paths of these senders. */
    public OwnSender(Senders senders) {
        this.senders = senders;
    }

    @Override
    public HookResult doMail(SMTPSession session, MaybeSender sender) {
        Optional<SignIn.Granted> granted = session.getAttachment(SignInCommand.GRANTED, State.Connection);
        if (granted.isEmpty()) {
            return SmtpReply.SIGN_IN_FIRST.hook(); // RFC 4954 section 6
        }
        if (sender.isNullSender()) {
            return HookResult.DECLINED; // an answer that wants no answer; its From field is checked
        }
        try {
            return MailAddress.parse(sender.asString())
                            .filter(address -> senders.mayWriteAs(granted.get().actor(), address))
                            .isPresent()
                    ? HookResult.DECLINED
                    : SmtpReply.NOT_YOUR_ADDRESS.hook();
        } catch (StoreUnavailable e) {
            log.warn("event=sender_unavailable session={}", session.getSessionID(), e);
            return SmtpReply.TRY_LATER.hook();
        }
    }
}
