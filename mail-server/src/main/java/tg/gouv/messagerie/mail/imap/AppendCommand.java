package tg.gouv.messagerie.mail.imap;

import javax.inject.Inject;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.request.AppendRequest;
import org.apache.james.imap.processor.AppendProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.metrics.api.MetricFactory;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.mime.TooDeeplyNested;

/** APPEND, which tells why it does not take a message that is nested too deeply. */
public final class AppendCommand extends AppendProcessor {
    /** APPEND over these mailboxes. */
    @Inject
    public AppendCommand(MailboxManager mailboxes, StatusResponseFactory responses, MetricFactory metrics) {
        super(mailboxes, responses, metrics);
    }

    @Override
    protected Mono<Void> processRequestReactive(AppendRequest request, ImapSession session, Responder responder) {
        return super.processRequestReactive(request, session, responder).onErrorResume(TooDeeplyNested.class, _ -> {
            responder.respond(ImapAnswer.TOO_NESTED.no(request.getTag()));
            return Mono.empty();
        });
    }
}
