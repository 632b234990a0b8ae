package tg.gouv.messagerie.mail.submission;

import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import javax.mail.MessagingException;
import javax.mail.internet.MailDateFormat;
import javax.mail.internet.MimeMessage;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** At submission, people write in their own names; what a client left out is added, and Bcc goes (RFC 6409 section 8). */
public final class OwnFrom implements JamesMessageHook {
    private static final Logger log = LoggerFactory.getLogger(OwnFrom.class);

    private final Senders senders;
    private final String hostName;
    private final Clock clock;

    /** Messages of these senders. */
    public OwnFrom(Senders senders, String hostName, Clock clock) {
        this.senders = senders;
        this.hostName = hostName;
        this.clock = clock;
    }

    @Override
    public HookResult onMessage(SMTPSession session, Mail mail) {
        Optional<SignIn.Granted> granted = session.getAttachment(SignInCommand.GRANTED, State.Connection);
        if (granted.isEmpty()) {
            return SmtpReply.SIGN_IN_FIRST.hook();
        }
        try {
            MimeMessage message = mail.getMessage();
            Optional<Authors> authors = Authors.of(message);
            if (authors.isEmpty()) {
                return SmtpReply.ONE_FROM.hook();
            }
            if (!authors.get().addresses().stream()
                    .allMatch(author -> senders.mayWriteAs(granted.get().actor(), author))) {
                return SmtpReply.NOT_YOUR_ADDRESS.hook();
            }
            complete(message);
            return HookResult.DECLINED;
        } catch (MessagingException e) {
            log.info("event=unreadable_message session={}", session.getSessionID(), e);
            return SmtpReply.ONE_FROM.hook();
        } catch (StoreUnavailable e) {
            log.warn("event=sender_unavailable session={}", session.getSessionID(), e);
            return SmtpReply.TRY_LATER.hook();
        }
    }

    private void complete(MimeMessage message) throws MessagingException {
        boolean changed = false;
        if (message.getHeader("Bcc") != null) {
            message.removeHeader("Bcc"); // RFC 5322 section 3.6.3
            changed = true;
        }
        if (message.getHeader("Date") == null) {
            message.setHeader("Date", new MailDateFormat().format(Date.from(clock.instant()))); // RFC 6409 section 8.2
            changed = true;
        }
        if (message.getHeader("Message-ID") == null) {
            message.setHeader("Message-ID", "<" + UUID.randomUUID() + "@" + hostName + ">"); // RFC 6409 section 8.3
            changed = true;
        }
        if (changed) {
            message.saveChanges();
        }
    }
}
