package tg.gouv.messagerie.mail.imap;

import javax.inject.Inject;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.api.process.SelectedMailbox;
import org.apache.james.imap.message.request.CopyRequest;
import org.apache.james.imap.processor.CopyProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.exception.OverQuotaException;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.metrics.api.MetricFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** James's COPY, which says NO without the code that tells why (RFC 9208 section 4.3.1). */
public final class CopyWithinQuota extends CopyProcessor {
    /** COPY over these mailboxes. */
    @Inject
    public CopyWithinQuota(MailboxManager mailboxes, StatusResponseFactory responses, MetricFactory metrics) {
        super(mailboxes, responses, metrics);
    }

    /** What the superclass does not take for one of the failures that it answers. */
    private static final class OverQuota extends RuntimeException {
        private static final long serialVersionUID = 1;

        OverQuota(OverQuotaException cause) {
            super(cause);
        }
    }

    @Override
    protected Flux<MessageRange> process(
            MailboxId target, SelectedMailbox current, MailboxSession session, MessageRange messages) {
        return super.process(target, current, session, messages).onErrorMap(OverQuotaException.class, OverQuota::new);
    }

    @Override
    protected Mono<Void> processRequestReactive(CopyRequest request, ImapSession session, Responder responder) {
        return super.processRequestReactive(request, session, responder).onErrorResume(OverQuota.class, _ -> {
            responder.respond(ImapAnswer.OVER_QUOTA.no(request.getTag()));
            return Mono.empty();
        });
    }
}
