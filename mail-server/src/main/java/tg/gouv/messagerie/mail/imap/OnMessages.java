package tg.gouv.messagerie.mail.imap;

import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.request.ImapRequest;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.processor.AbstractMailboxProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.exception.InsufficientRightsException;
import org.apache.james.mailbox.exception.MessageRangeException;
import org.apache.james.metrics.api.MetricFactory;
import reactor.core.publisher.Mono;

/** A command on a set of the messages that the session was told of: a set that is none is BAD, what is not permitted is NO. */
abstract class OnMessages<R extends ImapRequest> extends AbstractMailboxProcessor<R> {
    OnMessages(Class<R> request, MailboxManager mailboxes, StatusResponseFactory responses, MetricFactory metrics) {
        super(request, mailboxes, responses, metrics);
    }

    /** Does it, and answers what is OK or NO by its own lights. */
    abstract Mono<Void> act(R request, ToldMailbox told, ImapSession session, Responder responder)
            throws MessageRangeException;

    @Override
    protected final Mono<Void> processRequestReactive(R request, ImapSession session, Responder responder) {
        return Mono.defer(() -> {
                    try {
                        return act(request, CommandBoundary.told(session).orElseThrow(), session, responder);
                    } catch (MessageRangeException e) {
                        return Mono.error(e);
                    }
                })
                .onErrorResume(MessageRangeException.class, _ -> {
                    taggedBad(request, responder, HumanReadableText.INVALID_MESSAGESET);
                    return Mono.empty();
                })
                .onErrorResume(InsufficientRightsException.class, _ -> {
                    responder.respond(ImapAnswer.NOT_PERMITTED.no(request.getTag()));
                    return Mono.empty();
                });
    }
}
