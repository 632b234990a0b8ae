package tg.gouv.messagerie.mail.submission;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import javax.mail.MessagingException;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeMessage;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.SignIn;
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
            MimeMessage message = mail.getMessage();
            Optional<List<MailAddress>> names = names(message);
            if (names.isEmpty()) {
                return SmtpReply.ONE_FROM.hook();
            }
            return names.get().stream().allMatch(name -> senders.mayWriteAs(granted.actor(), name))
                    ? HookResult.DECLINED
                    : SmtpReply.NOT_YOUR_ADDRESS.hook();
        } catch (MessagingException e) {
            return SmtpReply.ONE_FROM.hook(); // a field that cannot be read says nobody
        } catch (StoreUnavailable e) {
            log.warn("event=sender_unavailable session={}", session.getSessionID(), e);
            return SmtpReply.TRY_LATER.hook();
        }
    }

    /** Everybody in From and Sender; empty unless there is one From (RFC 5322 section 3.6) whose every address is one. */
    private static Optional<List<MailAddress>> names(MimeMessage message) throws MessagingException {
        String[] from = message.getHeader("From");
        String[] sender = message.getHeader("Sender");
        if (from == null || from.length != 1 || (sender != null && sender.length != 1)) {
            return Optional.empty();
        }
        List<InternetAddress> written = new ArrayList<>(List.of(InternetAddress.parseHeader(from[0], true)));
        if (written.isEmpty()) {
            return Optional.empty();
        }
        if (sender != null) {
            written.addAll(List.of(InternetAddress.parseHeader(sender[0], true)));
        }
        List<MailAddress> names = new ArrayList<>();
        for (InternetAddress address : written) {
            Optional<MailAddress> name =
                    Optional.ofNullable(address.getAddress()).flatMap(MailAddress::parse);
            if (name.isEmpty()) {
                return Optional.empty();
            }
            names.add(name.get());
        }
        return Optional.of(names);
    }
}
