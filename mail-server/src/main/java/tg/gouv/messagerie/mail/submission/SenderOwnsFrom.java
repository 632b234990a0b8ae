package tg.gouv.messagerie.mail.submission;

import java.util.Optional;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.mail.smtp.Authors;
import tg.gouv.messagerie.mail.smtp.SmtpReply;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The names a reader sees, in From and Sender, are the writer's (RFC 6409 section 6.1; James looks at the envelope only). */
public final class SenderOwnsFrom implements JamesMessageHook {
    private static final Logger log = LoggerFactory.getLogger(SenderOwnsFrom.class);

    private final Senders senders;

    /** Senders of this directory. */
    @Inject
    public SenderOwnsFrom(Senders senders) {
        this.senders = senders;
    }

    @Override
    public HookResult onMessage(SMTPSession session, Mail mail) {
        SignIn.Granted granted =
                session.getAttachment(SignInCommand.GRANTED, State.Connection).orElse(null);
        if (granted == null) {
            return SmtpReply.SIGN_IN_FIRST.hook();
        }
        try {
            Optional<Authors> authors = Authors.of(mail.getMessage());
            if (authors.isEmpty()) {
                return SmtpReply.ONE_FROM.hook();
            }
            return authors.get().addresses().stream().allMatch(address -> owns(granted, address))
                    ? HookResult.DECLINED
                    : SmtpReply.NOT_YOUR_ADDRESS.hook();
        } catch (MessagingException e) {
            return SmtpReply.ONE_FROM.hook(); // a field that cannot be read says nobody
        } catch (StoreUnavailable e) {
            log.warn("event=sender_unavailable session={}", session.getSessionID(), e);
            return SmtpReply.TRY_LATER.hook();
        }
    }

    private boolean owns(SignIn.Granted granted, String address) {
        return MailAddress.parse(address)
                .filter(it -> senders.mayWriteAs(granted.actor(), it))
                .isPresent();
    }
}
