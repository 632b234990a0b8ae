package tg.gouv.messagerie.mail.imap;

import java.time.Instant;
import java.util.Optional;
import org.apache.james.core.Username;
import org.apache.james.imap.api.message.request.ImapRequest;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.processor.AbstractMailboxProcessor;
import org.apache.james.imap.processor.CapabilityImplementingProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.metrics.api.MetricFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.signin.ProviderUnavailable;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.delivery.DefaultMailboxes;
import tg.gouv.messagerie.mail.postgres.MailUnavailable;
import tg.gouv.messagerie.mail.rights.MailboxVisit;
import tg.gouv.messagerie.mail.submission.Said;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** A command that signs in, answered by the one way to sign in. */
abstract class SignInProcessor<R extends ImapRequest> extends AbstractMailboxProcessor<R>
        implements CapabilityImplementingProcessor {
    /** A person mistypes; a program that guesses needs a new connection each time. */
    private static final int FAILURES_MAX = 3;

    private static final Logger log = LoggerFactory.getLogger(SignInProcessor.class);
    private static final String FAILURES = SignInProcessor.class.getName();

    protected final SignIns signIns;
    private final Sessions sessions;
    private final DefaultMailboxes defaults;

    SignInProcessor(
            Class<R> command,
            MailboxManager mailboxes,
            StatusResponseFactory responses,
            MetricFactory metrics,
            SignIns signIns,
            Sessions sessions,
            DefaultMailboxes defaults) {
        super(command, mailboxes, responses, metrics);
        this.signIns = signIns;
        this.sessions = sessions;
        this.defaults = defaults;
    }

    /** Signs in and answers; blocks for the time of a password hash. */
    final void signIn(Optional<? extends Said> said, R request, ImapSession session, Responder responder) {
        WritabilityGate gate = WritabilityGate.of(session);
        if (said.isEmpty() || gate == null) {
            fail(ImapAnswer.WRONG_SECRET, request, session, responder);
            return;
        }
        try {
            switch (said.get().signIn(signIns, gate.client(), SignIns.Protocol.IMAP)) {
                case SignIn.Granted granted -> open(granted, gate, request, session, responder);
                case SignIn.Refused() -> refused(request, session, responder);
                case SignIn.Throttled(Instant _) -> fail(ImapAnswer.TOO_MANY_ATTEMPTS, request, session, responder);
            }
        } catch (ProviderUnavailable _) { // the log of sign-ins tells it
            fail(ImapAnswer.LATER, request, session, responder);
        } catch (StoreUnavailable | MailUnavailable | MailboxException e) {
            log.warn(
                    "event=sign_in_unavailable protocol=imap session={}",
                    session.sessionId().asString(),
                    e);
            responder.respond(ImapAnswer.LATER.no(request.getTag()));
        }
    }

    private void open(
            SignIn.Granted granted, WritabilityGate gate, ImapRequest request, ImapSession session, Responder responder)
            throws MailboxException {
        Username owner = Username.of(granted.account().primary().toString());
        MailboxSession mailbox = getMailboxManager().authenticate(owner).withoutDelegation();
        defaults.provide(mailbox);
        new MailboxVisit(granted.account().id(), granted.actor().id(), gate.client(), "imap", granted.readsOnly())
                .through(mailbox);
        if (granted.readsOnly()) {
            ReadOnly.bind(session);
        }
        session.authenticated();
        session.setMailboxSession(mailbox);
        session.stopDetectingCommandInjection();
        gate.standsOn(granted, sessions);
        okComplete(request, responder);
    }

    /** Answers whose secret opens nothing. */
    protected void refused(R request, ImapSession session, Responder responder) {
        fail(ImapAnswer.WRONG_SECRET, request, session, responder);
    }

    static void fail(ImapAnswer answer, ImapRequest request, ImapSession session, Responder responder) {
        int failures = session.getAttribute(FAILURES) instanceof Integer before ? before + 1 : 1;
        session.setAttribute(FAILURES, failures);
        responder.respond(answer.no(request.getTag()));
        if (failures >= FAILURES_MAX) {
            responder.respond(ImapAnswer.TOO_MANY.bye());
            session.logout().block();
        }
    }
}
