package tg.gouv.messagerie.mail.imap;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.inject.Inject;
import org.apache.james.imap.api.message.response.ImapResponseMessage;
import org.apache.james.imap.api.message.response.StatusResponse;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.api.process.MailboxType;
import org.apache.james.imap.api.process.MailboxTyper;
import org.apache.james.imap.message.request.ListRequest;
import org.apache.james.imap.message.response.ListResponse;
import org.apache.james.imap.message.response.MailboxStatusResponse;
import org.apache.james.imap.message.response.MyRightsResponse;
import org.apache.james.imap.processor.ListProcessor;
import org.apache.james.imap.processor.StatusProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.SubscriptionManager;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.metrics.api.MetricFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * LIST that always tells what a mailbox is for, as RFC 6154 section 2 allows: many clients ask no other way; and that tells a mailbox
 * once, however many of its patterns match (RFC 5258 section 3).
 */
public final class ListWithUses extends ListProcessor<ListRequest> {
    /** LIST over these mailboxes. */
    @Inject
    public ListWithUses(
            MailboxManager mailboxes,
            StatusResponseFactory responses,
            MetricFactory metrics,
            SubscriptionManager subscriptions,
            StatusProcessor status,
            MailboxTyper typer) {
        super(mailboxes, responses, metrics, subscriptions, status, typer);
    }

    @Override
    protected MailboxType getMailboxType(ListRequest request, ImapSession session, MailboxPath path) {
        return mailboxTyper.getMailboxType(session, path);
    }

    @Override
    public List<Class<? extends ListRequest>> acceptableClasses() {
        return List.of(ListRequest.class, ListOfPatterns.class);
    }

    @Override
    protected Mono<Void> processRequestReactive(ListRequest request, ImapSession session, Responder responder) {
        if (!(request instanceof ListOfPatterns patterns)) {
            return list(request, session, responder);
        }
        Once once = new Once(responder);
        return Flux.fromIterable(patterns.each())
                .concatMap(one -> list(one, session, once))
                .then(Mono.fromRunnable(once::end));
    }

    private Mono<Void> list(ListRequest request, ImapSession session, Responder responder) {
        return Mono.defer(() -> super.processRequestReactive(request, session, responder))
                .onErrorResume(
                        CommandDecoder::isMalformedName, // no mailbox has that name
                        _ -> Mono.fromRunnable(() -> okComplete(request, responder)));
    }

    /** Passes on what was not told yet of a mailbox, and one tagged answer: the first that is not OK. */
    private static final class Once implements Responder {
        private final Responder client;
        private final Set<List<Object>> told = new HashSet<>();
        private @Nullable StatusResponse tagged;

        Once(Responder client) {
            this.client = client;
        }

        @Override
        public void respond(ImapResponseMessage message) {
            if (message instanceof StatusResponse status && status.getTag() != null) {
                if (tagged == null || tagged.getServerResponseType() == StatusResponse.Type.OK) {
                    tagged = status;
                }
            } else if (told.add(List.of(message.getClass(), mailbox(message)))) {
                client.respond(message);
            }
        }

        private static Object mailbox(ImapResponseMessage message) {
            return switch (message) {
                case ListResponse list -> list.getName();
                case MailboxStatusResponse status -> status.getMailbox();
                case MyRightsResponse rights -> rights.getMailboxName();
                default -> message;
            };
        }

        @Override
        public void flush() {
            client.flush();
        }

        void end() {
            if (tagged != null) {
                client.respond(tagged);
            }
        }
    }
}
