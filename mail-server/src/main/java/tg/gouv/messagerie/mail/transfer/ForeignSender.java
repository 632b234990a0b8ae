package tg.gouv.messagerie.mail.transfer;

import java.util.Locale;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MailHook;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.submission.Authors;
import tg.gouv.messagerie.mail.submission.SmtpReply;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** On port 25 nobody writes in our name, neither in the envelope nor in the From field, but the peers of the settings. */
public final class ForeignSender implements MailHook, JamesMessageHook {
    private static final Logger log = LoggerFactory.getLogger(ForeignSender.class);

    private final Peers peers;

    /** Everybody else than these. */
    public ForeignSender(Peers peers) {
        this.peers = peers;
    }

    @Override
    public HookResult doMail(SMTPSession session, MaybeSender sender) {
        if (sender.isNullSender()) {
            return HookResult.DECLINED;
        }
        try {
            String domain = sender.get().getDomain().asString().toLowerCase(Locale.ROOT);
            return peers.mayWriteAs(session, domain) ? HookResult.DECLINED : SmtpReply.OUR_DOMAIN.hook();
        } catch (StoreUnavailable e) {
            return later(session, e);
        }
    }

    @Override
    public HookResult onMessage(SMTPSession session, Mail mail) {
        try {
            Optional<Authors> authors = Authors.of(mail.getMessage());
            if (authors.isEmpty()) {
                return SmtpReply.ONE_FROM.hook();
            }
            return authors.get().addresses().stream().allMatch(it -> peers.mayWriteAs(session, it.domain()))
                    ? HookResult.DECLINED
                    : SmtpReply.OUR_DOMAIN.hook();
        } catch (MessagingException e) {
            log.info("event=unreadable_message session={}", session.getSessionID(), e);
            return SmtpReply.ONE_FROM.hook();
        } catch (StoreUnavailable e) {
            return later(session, e);
        }
    }

    private static HookResult later(SMTPSession session, StoreUnavailable e) {
        log.warn("event=sender_unavailable session={}", session.getSessionID(), e);
        return SmtpReply.TRY_LATER.hook();
    }
}
