package tg.gouv.messagerie.mail.imap;

import javax.inject.Inject;
import org.apache.james.imap.api.ImapConfiguration;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.message.request.ImapRequest;
import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.main.DeniedAccessOnSharedMailboxException;
import org.apache.james.imap.processor.DefaultProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Answers NO where James 3.8.1 ends the connection: commands that fail before they begin, such as {@code SELECT "#x"}. */
public final class SteadyProcessor implements ImapProcessor {
    private static final Logger log = LoggerFactory.getLogger(SteadyProcessor.class);

    private final ImapProcessor james;

    /** Around James's own. */
    @Inject
    public SteadyProcessor(DefaultProcessor james) {
        this.james = james;
    }

    @Override
    public Mono<Void> processReactive(ImapMessage message, Responder responder, ImapSession session) {
        return Mono.defer(() -> james.processReactive(message, responder, session))
                .onErrorResume(RuntimeException.class, e -> refuse(message, responder, session, e));
    }

    private static Mono<Void> refuse(
            ImapMessage message, Responder responder, ImapSession session, RuntimeException e) {
        if (!(message instanceof ImapRequest request)) {
            return Mono.error(e);
        }
        if (e instanceof DeniedAccessOnSharedMailboxException) {
            responder.respond(ImapAnswer.NO_SUCH_NAMESPACE.no(request.getTag()));
        } else {
            log.error(
                    "event=imap_command_failed session={} command={}",
                    session.sessionId().asString(),
                    request.getCommand().getName(),
                    e);
            responder.respond(ImapAnswer.OUR_FAULT.no(request.getTag()));
        }
        responder.flush();
        return Mono.empty();
    }

    @Override
    public void configure(ImapConfiguration configuration) {
        james.configure(configuration);
    }
}
