package tg.gouv.messagerie.mail.submission;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.inject.Inject;
import org.apache.james.core.Username;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.api.Request;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.CommandHandler;
import org.apache.james.protocols.api.handler.LineHandler;
import org.apache.james.protocols.smtp.SMTPResponse;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.esmtp.EhloExtension;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MailParametersHook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.signin.ProviderUnavailable;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.smtp.LiveConnection;
import tg.gouv.messagerie.mail.smtp.SmtpReply;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.settings.Secret;

/** AUTH of RFC 4954, over TLS only, answered by the one way to sign in. */
public final class SignInCommand implements CommandHandler<SMTPSession>, EhloExtension, MailParametersHook {
    /** Who signed in on this connection. */
    public static final AttachmentKey<SignIn.Granted> GRANTED =
            AttachmentKey.of("MESSAGERIE_GRANTED", SignIn.Granted.class);

    private static final Logger log = LoggerFactory.getLogger(SignInCommand.class);
    private static final SMTPResponse EMPTY_CHALLENGE = new SMTPResponse("334", "");
    private static final SMTPResponse NAME_CHALLENGE = new SMTPResponse("334", "VXNlcm5hbWU6"); // Username:
    private static final SMTPResponse SECRET_CHALLENGE = new SMTPResponse("334", "UGFzc3dvcmQ6"); // Password:

    private final SignIns signIns;
    private final Sessions sessions;

    /** AUTH over these accounts. */
    @Inject
    public SignInCommand(SignIns signIns, Sessions sessions) {
        this.signIns = signIns;
        this.sessions = sessions;
    }

    @Override
    public Collection<String> getImplCommands() {
        return List.of("AUTH");
    }

    @Override
    public List<String> getImplementedEsmtpFeatures(SMTPSession session) {
        return session.isTLSStarted() && session.getUsername() == null
                ? List.of("AUTH "
                        + String.join(
                                " ",
                                Sasl.offered(signIns).stream().map(Sasl::name).toList()) + " LOGIN")
                : List.of();
    }

    @Override
    public Response onCommand(SMTPSession session, Request request) {
        if (!session.isTLSStarted()) {
            return SmtpReply.ENCRYPT_FIRST.response(); // RFC 4954 section 4, RFC 8314 section 3.3
        }
        if (session.getUsername() != null) {
            return SmtpReply.ALREADY_SIGNED_IN.response();
        }
        if (session.getAttachment(SMTPSession.SENDER, State.Transaction).isPresent()) {
            return SmtpReply.NOT_DURING_MAIL.response();
        }
        String[] arguments =
                Optional.ofNullable(request.getArgument()).orElse("").strip().split(" +", 2);
        Optional<String> initial = arguments.length < 2 ? Optional.empty() : Optional.of(arguments[1]);
        if (arguments[0].equalsIgnoreCase("LOGIN")) { // no mechanism of SASL: it asks twice
            return initial.map(it -> name(session, it)).orElseGet(() -> ask(session, NAME_CHALLENGE, this::name));
        }
        return Sasl.named(arguments[0], signIns)
                .map(mechanism -> initial.map(it -> said(session, mechanism, it.equals("=") ? "" : it))
                        .orElseGet(() -> ask(session, EMPTY_CHALLENGE, (_, it) -> said(session, mechanism, it))))
                .orElseGet(() -> SmtpReply.UNKNOWN_MECHANISM.response());
    }

    private Response said(SMTPSession session, Sasl mechanism, String base64) {
        return mechanism
                .read(base64)
                .map(said -> signIn(session, said, mechanism.refusal(signIns)))
                .orElseGet(() -> SmtpReply.NOT_BASE64.response());
    }

    private Response name(SMTPSession session, String base64) {
        return Plain.decode(base64)
                .map(login -> ask(session, SECRET_CHALLENGE, (_, secret) -> secret(session, login, secret)))
                .orElseGet(() -> SmtpReply.NOT_BASE64.response());
    }

    private Response secret(SMTPSession session, String login, String base64) {
        return Plain.decode(base64)
                .map(secret -> signIn(session, new Plain(login, new Secret(secret)), Optional.empty()))
                .orElseGet(() -> SmtpReply.NOT_BASE64.response());
    }

    /**
     * Signs in.
     *
     * @param refusal what the client is told before it is refused
     */
    private Response signIn(SMTPSession session, Said said, Optional<String> refusal) {
        SignIn outcome;
        try {
            outcome = said.signIn(signIns, session.getRemoteAddress().getAddress(), SignIns.Protocol.SMTP);
        } catch (ProviderUnavailable _) { // the log of sign-ins tells it
            return SmtpReply.SIGN_IN_LATER.response();
        } catch (StoreUnavailable e) {
            log.warn("event=sign_in_unavailable protocol=smtp session={}", session.getSessionID(), e);
            return SmtpReply.SIGN_IN_LATER.response(); // RFC 4954 section 4
        }
        return switch (outcome) {
            case SignIn.Granted granted -> {
                session.setUsername(Username.of(granted.account().primary().toString()));
                session.setRelayingAllowed(true);
                session.setAttachment(GRANTED, granted, State.Connection);
                session.getAttachment(LiveConnection.OF, State.Connection)
                        .orElseThrow()
                        .standsOn(granted, SignIns.Protocol.SMTP, sessions);
                yield SmtpReply.SIGNED_IN.response();
            }
            case SignIn.Refused() ->
                refusal.map(it ->
                                ask(session, new SMTPResponse("334", it), (_, _) -> SmtpReply.WRONG_SECRET.response()))
                        .orElseGet(() -> SmtpReply.WRONG_SECRET.response());
            case SignIn.Throttled(Instant _) -> SmtpReply.TOO_MANY_ATTEMPTS.response();
        };
    }

    private static Response ask(
            SMTPSession session, Response challenge, BiFunction<SMTPSession, String, Response> answer) {
        session.pushLineHandler(new LineHandler<SMTPSession>() {
            @Override
            public Response onLine(SMTPSession it, byte[] line) {
                it.popLineHandler();
                String text = new String(line, StandardCharsets.US_ASCII).strip();
                // RFC 4954 section 4: the client cancels with "*"
                return text.equals("*") ? SmtpReply.CANCELLED.response() : answer.apply(it, text);
            }
        });
        return challenge;
    }

    /** RFC 4954 section 5: the parameter is accepted, and nothing is made of it. */
    @Override
    public HookResult doMailParameter(SMTPSession session, String name, String value) {
        return HookResult.DECLINED;
    }

    @Override
    public String[] getMailParamNames() {
        return new String[] {"AUTH"};
    }
}
