package tg.gouv.messagerie.mail.imap;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.Capability;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.request.AuthenticateRequest;
import org.apache.james.imap.message.request.IRAuthenticateRequest;
import org.apache.james.imap.message.response.ContinuationResponse;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.util.MDCBuilder;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.delivery.DefaultMailboxes;
import tg.gouv.messagerie.mail.submission.Sasl;

/** AUTHENTICATE (RFC 9051 section 6.2.2, RFC 4959), never in clear. */
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
        Optional<Sasl> mechanism = mechanism(request);
        if (mechanism.isEmpty()) {
            responder.respond(ImapAnswer.UNKNOWN_MECHANISM.no(request.getTag()));
        } else if (session.isPlainAuthDisallowed()) {
            responder.respond(ImapAnswer.ENCRYPT_FIRST.no(request.getTag()));
        } else if (request instanceof IRAuthenticateRequest initial) {
            signIn(mechanism.get().read(initial.getInitialClientResponse()), request, session, responder);
        } else {
            ask("", session, responder, answer -> {
                String text = answer.strip();
                signIn(text.equals("*") ? Optional.empty() : mechanism.get().read(text), request, session, responder);
            });
        }
    }

    private Optional<Sasl> mechanism(AuthenticateRequest request) {
        return Sasl.named(request.getAuthType(), signIns);
    }

    /** RFC 7628 section 3.2.3: a client whose token opens nothing is told where to get another, answers, and is refused. */
    @Override
    protected void refused(AuthenticateRequest request, ImapSession session, Responder responder) {
        Optional<String> refusal = mechanism(request).flatMap(it -> it.refusal(signIns));
        if (refusal.isEmpty()) {
            super.refused(request, session, responder);
        } else {
            ask(refusal.get(), session, responder, _ -> super.refused(request, session, responder));
        }
    }

    /** Asks the client; its answer arrives on the event loop, which must not wait for a password hash; the next command does. */
    private static void ask(String question, ImapSession session, Responder responder, Consumer<String> answered) {
        session.pushLineHandler((asked, line) -> {
            asked.popLineHandler();
            CommandLines.hold(asked);
            Thread.ofVirtual().name("imap-sign-in").start(() -> {
                try {
                    answered.accept(new String(line, StandardCharsets.US_ASCII));
                    responder.flush();
                } finally {
                    CommandLines.answered(asked);
                }
            });
        });
        responder.respond(new ContinuationResponse(new HumanReadableText("tg.gouv.messagerie.ASKED", question)));
        responder.flush();
    }

    @Override
    public List<Capability> getImplementedCapabilities(ImapSession session) {
        return session.isPlainAuthDisallowed()
                ? List.of()
                : Stream.concat(Sasl.offered(signIns).stream().map(it -> "AUTH=" + it), Stream.of("SASL-IR"))
                        .map(Capability::of)
                        .toList();
    }

    @Override
    protected MDCBuilder mdc(AuthenticateRequest request) {
        return MDCBuilder.create()
                .addToContext(MDCBuilder.ACTION, "AUTHENTICATE")
                .addToContext("authType", request.getAuthType());
    }
}
