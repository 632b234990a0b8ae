package tg.gouv.messagerie.mail.imap;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.james.imap.api.message.Capability;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.request.AuthenticateRequest;
import org.apache.james.imap.message.request.IRAuthenticateRequest;
import org.apache.james.imap.message.response.AuthenticateResponse;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.util.MDCBuilder;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.delivery.DefaultMailboxes;
import tg.gouv.messagerie.mail.submission.Plain;

/** AUTHENTICATE PLAIN (RFC 9051 section 6.2.2, RFC 4959), never in clear. */
public final class AuthenticateCommand extends SignInProcessor<AuthenticateRequest> {
    /** AUTHENTICATE over these accounts. */
    @Inject
    public AuthenticateCommand(
            MailboxManager mailboxes,
            StatusResponseFactory responses,
            MetricFactory metrics,
            SignIns signIns,
            Sessions sessions,
            DefaultMailboxes defaults) {
        super(AuthenticateRequest.class, mailboxes, responses, metrics, signIns, sessions, defaults);
    }

    @Override
    public List<Class<? extends AuthenticateRequest>> acceptableClasses() {
        return List.of(AuthenticateRequest.class, IRAuthenticateRequest.class);
    }

    @Override
    protected void processRequest(AuthenticateRequest request, ImapSession session, Responder responder) {
        if (!request.getAuthType().equalsIgnoreCase("PLAIN")) {
            responder.respond(ImapAnswer.UNKNOWN_MECHANISM.no(request.getTag()));
        } else if (session.isPlainAuthDisallowed()) {
            responder.respond(ImapAnswer.ENCRYPT_FIRST.no(request.getTag()));
        } else if (request instanceof IRAuthenticateRequest initial) {
            signIn(Plain.read(initial.getInitialClientResponse()), request, session, responder);
        } else {
            ask(request, session, responder);
        }
    }

    private void ask(AuthenticateRequest request, ImapSession session, Responder responder) {
        session.pushLineHandler((asked, line) -> {
            asked.popLineHandler();
            answer(request, asked, responder, line);
        });
        responder.respond(new AuthenticateResponse());
        responder.flush();
    }

    /** The answer arrives on the event loop, which must not wait for a password hash; the next command does. */
    private void answer(AuthenticateRequest request, ImapSession session, Responder responder, byte[] line) {
        CommandLines.hold(session);
        Thread.ofVirtual().name("imap-sign-in").start(() -> {
            try {
                String text = new String(line, StandardCharsets.US_ASCII).strip();
                signIn(text.equals("*") ? Optional.empty() : Plain.read(text), request, session, responder);
                responder.flush();
            } finally {
                CommandLines.answered(session);
            }
        });
    }

    @Override
    public List<Capability> getImplementedCapabilities(ImapSession session) {
        return session.isPlainAuthDisallowed()
                ? List.of()
                : List.of(Capability.of("AUTH=PLAIN"), Capability.of("SASL-IR"));
    }

    @Override
    protected MDCBuilder mdc(AuthenticateRequest request) {
        return MDCBuilder.create()
                .addToContext(MDCBuilder.ACTION, "AUTHENTICATE")
                .addToContext("authType", request.getAuthType());
    }
}
