package tg.gouv.messagerie.mail.imap;

import java.util.concurrent.CancellationException;
import org.apache.james.imap.api.ImapConfiguration;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.ImapSessionState;
import org.apache.james.imap.api.message.response.ImapResponseMessage;
import org.apache.james.imap.api.message.response.StatusResponse;
import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.main.DeniedAccessOnSharedMailboxException;
import org.apache.james.imap.message.request.AbstractImapRequest;
import org.apache.james.imap.message.response.FetchResponse;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNameException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.Trouble;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;

/** Answers NO where James 3.8.1 would end the connection: a name of a namespace nobody has, or an error of ours. */
public final class EveryCommandAnswered implements ImapProcessor {
    private static final Logger log = LoggerFactory.getLogger(EveryCommandAnswered.class);

    private static final String ERRORS = EveryCommandAnswered.class.getName();

    private final ImapProcessor james;
    private final int errorsMax;

    /** The same commands, of who does not err too often. */
    public EveryCommandAnswered(ImapProcessor james, ImapSettings settings) {
        this.james = james;
        this.errorsMax = settings.errorsMax();
    }

    @Override
    public void configure(ImapConfiguration configuration) {
        james.configure(configuration);
    }

    @Override
    public Mono<Void> processReactive(ImapMessage message, Responder responder, ImapSession session) {
        Responder counting = new Counting(responder, session);
        return Mono.defer(() -> james.processReactive(message, counting, session))
                .onErrorResume(failure -> answer(failure, message, counting, session))
                .then(Mono.defer(() -> endIfTooMany(responder, session)))
                .doFinally(_ -> CommandLines.answered(session));
    }

    private Mono<Void> endIfTooMany(Responder responder, ImapSession session) {
        if (CommandDecoder.ends(session)) {
            responder.flush();
            return session.logout();
        }
        if (errors(session) < errorsMax || session.getState() == ImapSessionState.LOGOUT) {
            return Mono.empty();
        }
        responder.respond(ImapAnswer.TOO_MANY.bye());
        responder.flush();
        return session.logout();
    }

    private static int errors(ImapSession session) {
        return session.getAttribute(ERRORS) instanceof Integer before ? before : 0;
    }

    /**
     * Counts the commands in a row that ended with NO or BAD; leaves out messages that are damaged, and says NO then when the others were
     * told (RFC 2180 section 4 describes the like of messages that are gone).
     */
    private static final class Counting implements Responder {
        private final Responder responder;
        private final ImapSession session;
        private volatile boolean damaged;

        Counting(Responder responder, ImapSession session) {
            this.responder = responder;
            this.session = session;
        }

        @Override
        public void respond(ImapResponseMessage message) {
            switch (message) {
                case FetchResponse fetch -> told(fetch);
                case StatusResponse status
                when damaged && status.getTag() != null && status.getServerResponseType() == StatusResponse.Type.OK ->
                    counted((StatusResponse) ImapAnswer.DAMAGED.no(status.getTag()));
                case StatusResponse status
                when status.getTag() != null && isOverQuota(status) ->
                    counted((StatusResponse)
                            ImapAnswer.OVER_QUOTA.no(status.getTag())); // James names no page of the help
                case StatusResponse status -> counted(status);
                default -> responder.respond(message);
            }
        }

        /** RFC 9208 section 4.3.1: OVERQUOTA, to APPEND. */
        private static boolean isOverQuota(StatusResponse status) {
            return status.getServerResponseType() == StatusResponse.Type.NO
                    && status.getResponseCode() != null
                    && StatusResponse.ResponseCode.overQuota()
                            .getCode()
                            .equals(status.getResponseCode().getCode());
        }

        private void told(FetchResponse fetch) {
            FetchResponse open;
            try {
                open = OpenLiterals.of(fetch);
            } catch (CorruptBlob _) {
                damaged = true; // the store's log names the object
                return;
            }
            responder.respond(open);
        }

        private void counted(StatusResponse status) {
            responder.respond(status);
            switch (status.getServerResponseType()) {
                case OK -> session.setAttribute(ERRORS, status.getTag() == null ? errors(session) : 0);
                case NO, BAD -> session.setAttribute(ERRORS, errors(session) + 1);
                default -> {
                    // it tells nothing of the command
                }
            }
        }

        @Override
        public void flush() {
            responder.flush();
        }
    }

    private static Mono<Void> answer(Throwable failure, ImapMessage message, Responder responder, ImapSession session) {
        if (failure instanceof CancellationException || !(message instanceof AbstractImapRequest request)) {
            return Mono.error(failure); // the client is gone, or there is nothing to answer to
        }
        ImapAnswer answer = answer(failure);
        log(answer, failure, request, session);
        responder.respond(answer.no(request.getTag()));
        return Mono.empty();
    }

    private static ImapAnswer answer(Throwable failure) {
        return switch (failure) {
            case DeniedAccessOnSharedMailboxException _ -> ImapAnswer.NO_SUCH_NAMESPACE;
            case MailboxNameException _ -> ImapAnswer.NOT_A_NAME;
            case Error _ when CommandDecoder.isMalformedName(failure) -> ImapAnswer.NOT_A_NAME;
            default ->
                switch (Trouble.of(failure)) { // RFC 5530 section 3
                    case FULL -> ImapAnswer.NO_ROOM;
                    case AWAY -> ImapAnswer.AWAY;
                    case DAMAGED -> ImapAnswer.DAMAGED;
                    case OURS -> failure instanceof MailboxException ? ImapAnswer.NOT_DONE : ImapAnswer.FAILED;
                };
        };
    }

    private static void log(ImapAnswer answer, Throwable failure, AbstractImapRequest request, ImapSession session) {
        String id = session.sessionId().asString();
        String command = request.getCommand().getName();
        switch (answer) {
            case NO_SUCH_NAMESPACE, NOT_A_NAME -> log.debug("event=imap_command_refused session={}", id, failure);
            case NO_ROOM, AWAY ->
                log.warn(
                        "event=imap_command_refused session={} command={} why={} reason=\"{}\"",
                        id,
                        command,
                        answer,
                        failure.getCause() == null
                                ? failure.getMessage()
                                : failure.getCause().getMessage());
            default ->
                log.error("event=imap_command_failed session={} command={} why={}", id, command, answer, failure);
        }
    }
}
