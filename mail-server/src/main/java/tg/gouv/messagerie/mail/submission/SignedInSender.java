package tg.gouv.messagerie.mail.submission;

import javax.inject.Inject;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MailHook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.mail.smtp.SmtpReply;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** MAIL on a submission port: from whoever signed in, in a name that is theirs (RFC 6409 sections 4.3 and 6.1). */
public final class SignedInSender implements MailHook {
    private static final Logger log = LoggerFactory.getLogger(SignedInSender.class);

    private final Senders senders;

    /** Senders of this directory. */
    @Inject
    public SignedInSender(Senders senders) {
        this.senders = senders;
    }

    @Override
    public HookResult doMail(SMTPSession session, MaybeSender sender) {
        SignIn.Granted granted =
                session.getAttachment(SignInCommand.GRANTED, State.Connection).orElse(null);
        if (granted == null) {
            return SmtpReply.SIGN_IN_FIRST.hook();
        }
        if (sender.isNullSender()) {
            return HookResult.DECLINED; // a receipt (RFC 8098 section 3); its From is looked at
        }
        try {
            return MailAddress.parse(sender.asString())
                            .filter(address -> senders.mayWriteAs(granted.actor(), address))
                            .isPresent()
                    ? HookResult.DECLINED
                    : SmtpReply.NOT_YOUR_ADDRESS.hook();
        } catch (StoreUnavailable e) {
            log.warn("event=sender_unavailable session={}", session.getSessionID(), e);
            return SmtpReply.TRY_LATER.hook();
        }
    }
}
