package tg.gouv.messagerie.mail.imap;

import java.util.concurrent.CancellationException;
import org.apache.james.imap.api.ImapConfiguration;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.main.DeniedAccessOnSharedMailboxException;
import org.apache.james.imap.message.request.AbstractImapRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Answers NO where James 3.8.1 would end the connection: a name of a namespace nobody has, or an error of ours. */
public final class EveryCommandAnswered implements ImapProcessor {
    private static final Logger log = LoggerFactory.getLogger(EveryCommandAnswered.class);

    private final ImapProcessor james;

    /** The same commands. */
    public EveryCommandAnswered(ImapProcessor james) {
        this.james = james;
    }

    @Override
    public void configure(ImapConfiguration configuration) {
        james.configure(configuration);
    }

    @Override
    public Mono<Void> processReactive(ImapMessage message, Responder responder, ImapSession session) {
        return Mono.defer(() -> james.processReactive(message, responder, session))
                .onErrorResume(RuntimeException.class, failure -> answer(failure, message, responder, session))
                .doFinally(_ -> CommandLines.answered(session));
    }

    private static Mono<Void> answer(
            RuntimeException failure, ImapMessage message, Responder responder, ImapSession session) {
        if (failure instanceof CancellationException || !(message instanceof AbstractImapRequest request)) {
            return Mono.error(failure); // the client is gone, or there is nothing to answer to
        }
        if (failure instanceof DeniedAccessOnSharedMailboxException) {
            responder.respond(ImapAnswer.NO_SUCH_NAMESPACE.no(request.getTag()));
        } else {
            log.error(
                    "event=imap_command_failed session={} command={}",
                    session.sessionId().asString(),
                    request.getCommand().getName(),
                    failure);
            responder.respond(ImapAnswer.FAILED.no(request.getTag()));
        }
        return Mono.empty();
    }
}
