package tg.gouv.messagerie.mail.smtp;

import java.util.stream.Collectors;
import javax.inject.Inject;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.server.core.MailImpl;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.Trouble;
import tg.gouv.messagerie.mail.trace.MailDoor;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The end of a message's way in: it is in the queue before the client hears 250. */
public final class Acceptance implements JamesMessageHook {
    private static final Logger log = LoggerFactory.getLogger(Acceptance.class);

    private final MailQueue queue;

    /** Accepts into the spool. */
    @Inject
    public Acceptance(MailQueueFactory<?> queues) {
        this.queue = queues.createQueue(MailQueueFactory.SPOOL);
    }

    @Override
    public HookResult onMessage(SMTPSession session, Mail mail) {
        String client = session.getRemoteAddress().getAddress().getHostAddress();
        if (mail instanceof MailImpl own) {
            own.setRemoteAddr(client);
            own.setRemoteHost(client); // not asked of the DNS
        }
        mail.setAttribute(new Attribute(Mail.SMTP_SESSION_ID, AttributeValue.of(session.getSessionID())));
        if (session.getUsername() != null) {
            mail.setAttribute(new Attribute(
                    Mail.SMTP_AUTH_USER, AttributeValue.of(session.getUsername().asString())));
        }
        MailDoor.note(session.getUsername() == null ? "smtp" : "submission", mail);
        try {
            queue.enQueue(mail);
        } catch (MailQueue.MailQueueException | StoreUnavailable e) {
            log.error("event=mail_not_queued session={} client={}", session.getSessionID(), client, e);
            return switch (Trouble.of(e)) {
                case FULL -> SmtpReply.NO_ROOM.hook(); // RFC 5321 section 4.2.3, RFC 3463 section 3.4
                case AWAY, DAMAGED, OURS -> SmtpReply.TRY_LATER.hook();
            };
        }
        log.info(
                "event=mail_accepted mail={} session={} client={} user={} sender={} recipients={}",
                mail.getName(),
                session.getSessionID(),
                client,
                session.getUsername() == null ? "-" : session.getUsername().asString(),
                mail.getMaybeSender().asString("<>"),
                mail.getRecipients().stream().map(Object::toString).collect(Collectors.joining(",")));
        return SmtpReply.ACCEPTED.hook();
    }
}
