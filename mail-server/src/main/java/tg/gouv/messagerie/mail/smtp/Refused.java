package tg.gouv.messagerie.mail.smtp;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.core.Username;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.RcptCmdHandler;
import org.apache.james.protocols.smtp.hook.Hook;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookResultHook;
import org.apache.james.protocols.smtp.hook.HookReturnCode.Action;
import org.apache.james.protocols.smtp.hook.RcptHook;
import tg.gouv.messagerie.mail.trace.RefusedMail;

/** Notes what is refused to clients, for the trace: who, from where, for whom and why; changes no answer. */
public final class Refused implements HookResultHook {
    private static final AttachmentKey<String> SAID = AttachmentKey.of("MESSAGERIE_SENDER", String.class);
    private static final Set<Action> REFUSALS = Set.of(Action.DENY, Action.DENYSOFT);

    /** Whoever did not sign in has said nothing yet. */
    private static final String SIGN_IN_FIRST = "530";

    private final RefusedMail.Noted noted;
    private final Clock clock;

    /** Told to these. */
    @Inject
    public Refused(RefusedMail.Noted noted, Clock clock) {
        this.noted = noted;
        this.clock = clock;
    }

    /** Keeps what a client gives as sender, before anything is said of it. */
    static void said(SMTPSession session, String sender) {
        session.setAttachment(SAID, sender, State.Transaction);
    }

    @Override
    public HookResult onHookResult(SMTPSession session, HookResult result, long executionTime, Hook hook) {
        if (REFUSALS.contains(result.getResult().getAction()) && !SIGN_IN_FIRST.equals(result.getSmtpRetCode())) {
            List<MailAddress> recipients = hook instanceof RcptHook
                    ? session.getAttachment(RcptCmdHandler.CURRENT_RECIPIENT, State.Transaction).stream()
                            .toList()
                    : recipients(session);
            note(session, result.getSmtpRetCode() + " " + result.getSmtpDescription(), recipients);
        }
        return result;
    }

    /** Notes that a message is not taken from any of its recipients. */
    void message(SMTPSession session, SmtpReply reply) {
        note(session, reply.line(), recipients(session));
    }

    private static List<MailAddress> recipients(SMTPSession session) {
        return session.getAttachment(SMTPSession.RCPT_LIST, State.Transaction).orElse(List.of());
    }

    private void note(SMTPSession session, String reply, List<MailAddress> recipients) {
        if (recipients.isEmpty()) {
            noted.note(refused(session, reply, Optional.empty()));
        }
        recipients.forEach(each -> noted.note(refused(session, reply, Optional.of(each.asString()))));
    }

    private RefusedMail refused(SMTPSession session, String reply, Optional<String> recipient) {
        Optional<String> account = Optional.ofNullable(session.getUsername()).map(Username::asString);
        boolean lmtp = session.getAttachment(SMTPSession.CURRENT_HELO_MODE, State.Connection)
                .filter("LHLO"::equals)
                .isPresent();
        return new RefusedMail(
                clock.instant(),
                account.isPresent() ? "submission" : lmtp ? "lmtp" : "smtp",
                session.getSessionID(),
                session.getRemoteAddress().getAddress().getHostAddress(),
                account,
                session.getAttachment(SMTPSession.SENDER, State.Transaction)
                        .map(MaybeSender::asString)
                        .or(() -> session.getAttachment(SAID, State.Transaction))
                        .map(sender -> sender.equals("<>") ? "" : sender)
                        .orElse(""),
                recipient,
                reply);
    }
}
