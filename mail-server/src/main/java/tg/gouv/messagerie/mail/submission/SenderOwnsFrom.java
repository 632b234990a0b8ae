package tg.gouv.messagerie.mail.submission;

import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import javax.mail.MessagingException;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.mail.smtp.Authors;
import tg.gouv.messagerie.mail.smtp.SmtpReply;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The names a reader sees, in From and Sender, are the writer's (RFC 6409 section 6.1; James looks at the envelope only). */
public final class SenderOwnsFrom implements JamesMessageHook {
    private static final Logger log = LoggerFactory.getLogger(SenderOwnsFrom.class);

    private final Senders senders;
    private final AuditTrail trail;
    private final Clock clock;

    /** Senders of this directory; who writes in another's name is noted in the trail. */
    @Inject
    public SenderOwnsFrom(Senders senders, AuditTrail trail, Clock clock) {
        this.senders = senders;
        this.trail = trail;
        this.clock = clock;
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
            Set<Account> names = new LinkedHashSet<>();
            for (String address : authors.get().addresses()) {
                Optional<Account> name =
                        MailAddress.parse(address).flatMap(it -> senders.inWhoseName(granted.actor(), it));
                if (name.isEmpty()) {
                    return SmtpReply.NOT_YOUR_ADDRESS.hook();
                }
                names.add(name.get());
            }
            names.remove(granted.actor());
            names.forEach(name -> note(session, granted.actor(), name));
            return HookResult.DECLINED;
        } catch (MessagingException e) {
            return SmtpReply.ONE_FROM.hook(); // a field that cannot be read says nobody
        } catch (StoreUnavailable e) {
            log.warn("event=sender_unavailable session={}", session.getSessionID(), e);
            return SmtpReply.TRY_LATER.hook();
        }
    }

    private void note(SMTPSession session, Account actor, Account name) {
        String network = Origin.of(session.getRemoteAddress().getAddress()).network();
        trail.count(new AuditEvent.Sending(
                new Circumstances(
                        clock.instant(),
                        new Actor.Account(actor.id().value()),
                        Optional.of(new Actor.Account(name.id().value())),
                        new tg.gouv.messagerie.platform.audit.Origin.Remote(network, "submission")),
                new Subject(Subject.Kind.ACCOUNT, name.id().toString())));
    }
}
