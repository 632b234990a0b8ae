package tg.gouv.messagerie.mail.submission;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import javax.inject.Inject;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Mail;
import tg.gouv.messagerie.mail.smtp.SmtpReply;

/** Adds the Date and Message-ID that a program forgot, and removes Bcc (RFC 6409 section 8, RFC 5322 section 3.6.3). */
public final class CompleteHeader implements JamesMessageHook {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);

    private final Clock clock;

    /** Dates of this clock. */
    @Inject
    public CompleteHeader(Clock clock) {
        this.clock = clock;
    }

    @Override
    public HookResult onMessage(SMTPSession session, Mail mail) {
        try {
            MimeMessage message = mail.getMessage();
            if (message.getHeader("Date") == null) {
                message.setHeader("Date", DATE.format(clock.instant()));
            }
            if (message.getHeader("Message-ID") == null) {
                message.setHeader(
                        "Message-ID",
                        "<" + UUID.randomUUID() + "@"
                                + session.getConfiguration().getHelloName() + ">");
            }
            if (message.getHeader("Bcc") != null) {
                message.removeHeader("Bcc");
            }
            return HookResult.DECLINED;
        } catch (MessagingException e) {
            return SmtpReply.TRY_LATER.hook();
        }
    }
}
