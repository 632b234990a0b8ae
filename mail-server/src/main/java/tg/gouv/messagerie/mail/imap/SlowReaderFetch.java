package tg.gouv.messagerie.mail.imap;

import javax.inject.Inject;
import org.apache.james.imap.api.message.response.ImapResponseMessage;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.request.FetchRequest;
import org.apache.james.imap.processor.fetch.FetchProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.metrics.api.MetricFactory;
import reactor.core.publisher.Mono;

/** FETCH that waits while the client does not read: James 3.8.1 would keep the whole answer in memory. */
public final class SlowReaderFetch extends FetchProcessor {
    /** FETCH over these mailboxes. */
    @Inject
    public SlowReaderFetch(MailboxManager mailboxes, StatusResponseFactory responses, MetricFactory metrics) {
        super(mailboxes, responses, metrics);
    }

    @Override
    protected Mono<Void> processRequestReactive(FetchRequest request, ImapSession session, Responder responder) {
        WritabilityGate gate = WritabilityGate.of(session);
        return super.processRequestReactive(request, session, new Responder() {
            @Override
            public void respond(ImapResponseMessage message) {
                responder.respond(message);
                if (gate != null) {
                    gate.await();
                }
            }

            @Override
            public void flush() {
                responder.flush();
            }
        });
    }
}
