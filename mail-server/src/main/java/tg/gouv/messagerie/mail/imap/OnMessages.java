package tg.gouv.messagerie.mail.imap;

import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.IdRange;
import org.apache.james.imap.api.message.request.ImapRequest;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.processor.AbstractMailboxProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.exception.InsufficientRightsException;
import org.apache.james.mailbox.exception.MessageRangeException;
import org.apache.james.metrics.api.MetricFactory;
import reactor.core.publisher.Mono;

/*
 * A client may know a UID before it is told that the message exists: it appended the message in another session, or the look after its
 * own APPEND failed. A set that names such a UID is looked up first; otherwise STORE would say OK and change nothing.
 */
/** A command on a set of the messages that the session was told of: a set that is none is BAD, what is not permitted is NO. */
abstract class OnMessages<R extends ImapRequest> extends AbstractMailboxProcessor<R> {
    OnMessages(Class<R> request, MailboxManager mailboxes, StatusResponseFactory responses, MetricFactory metrics) {
        super(request, mailboxes, responses, metrics);
    }

    /** What the client wrote. */
    abstract IdRange[] set(R request);

    /** Whether it wrote UIDs. */
    abstract boolean isByUid(R request);

    /**
     * Does it, and answers what is OK or NO by its own lights.
     *
     * @param uids of the messages that the set means, ascending
     */
    abstract Mono<Void> act(R request, long[] uids, ToldMailbox told, ImapSession session, Responder responder);

    @Override
    protected final Mono<Void> processRequestReactive(R request, ImapSession session, Responder responder) {
        ToldMailbox told = CommandBoundary.told(session).orElseThrow();
        return news(request, told, responder)
                .then(Mono.defer(() -> named(request, told, session, responder)))
                .onErrorResume(MessageRangeException.class, _ -> {
                    taggedBad(request, responder, HumanReadableText.INVALID_MESSAGESET);
                    return Mono.empty();
                })
                .onErrorResume(InsufficientRightsException.class, _ -> {
                    responder.respond(ImapAnswer.NOT_PERMITTED.no(request.getTag()));
                    return Mono.empty();
                });
    }

    /** Tells of messages that came, if the client names some that it was not told of; none goes meanwhile. */
    private Mono<Void> news(R request, ToldMailbox told, Responder responder) {
        return isByUid(request) && told.isBeyond(set(request))
                ? told.glance()
                        .doOnNext(
                                glance -> told.tell(glance, false).ifPresent(news -> news.forEach(responder::respond)))
                        .then()
                : Mono.empty();
    }

    private Mono<Void> named(R request, ToldMailbox told, ImapSession session, Responder responder) {
        try {
            return act(request, told.named(set(request), isByUid(request)), told, session, responder);
        } catch (MessageRangeException e) {
            return Mono.error(e);
        }
    }
}
