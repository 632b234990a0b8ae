package tg.gouv.messagerie.mail.imap;

import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.james.imap.api.message.Capability;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.util.MDCBuilder;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.delivery.DefaultMailboxes;

/** LOGIN (RFC 9051 section 6.2.3), never in clear. */
public final class LoginCommand extends SignInProcessor<LoginAsTyped> {
    /** LOGIN over these accounts. */
    @Inject
    public LoginCommand(
            MailboxManager mailboxes,
            StatusResponseFactory responses,
            MetricFactory metrics,
            SignIns signIns,
            Sessions sessions,
            DefaultMailboxes defaults) {
        super(LoginAsTyped.class, mailboxes, responses, metrics, signIns, sessions, defaults);
    }

    @Override
    protected void processRequest(LoginAsTyped request, ImapSession session, Responder responder) {
        if (session.isPlainAuthDisallowed()) {
            responder.respond(ImapAnswer.ENCRYPT_FIRST.no(request.getTag()));
        } else {
            signIn(Optional.of(request.said()), request, session, responder);
        }
    }

    @Override
    public List<Capability> getImplementedCapabilities(ImapSession session) {
        return session.isPlainAuthDisallowed() ? List.of(Capability.of("LOGINDISABLED")) : List.of();
    }

    @Override
    protected MDCBuilder mdc(LoginAsTyped request) {
        return MDCBuilder.create().addToContext(MDCBuilder.ACTION, "LOGIN");
    }
}
