package tg.gouv.messagerie.mail.imap;

import javax.inject.Inject;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.request.CloseRequest;
import org.apache.james.imap.processor.CloseProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.metrics.api.MetricFactory;
import reactor.core.publisher.Mono;

/** CLOSE, which expunges for those who may and succeeds for everybody (RFC 4314 section 4); James's answers nothing then. */
public final class CloseCommand extends CloseProcessor {
    /** CLOSE over these mailboxes. */
    @Inject
    public CloseCommand(MailboxManager mailboxes, StatusResponseFactory responses, MetricFactory metrics) {
        super(mailboxes, responses, metrics);
    }

    @Override
    protected Mono<Void> processRequestReactive(CloseRequest request, ImapSession session, Responder responder) {
        return getSelectedMailboxReactive(session)
                .map(mailbox -> mayExpunge(mailbox, session))
                .onErrorResume(MailboxNotFoundException.class, _ -> Mono.just(false)) // it is gone, or seen no more
                .flatMap(mayExpunge -> mayExpunge
                        ? super.processRequestReactive(request, session, responder)
                        : session.deselect().then(Mono.fromRunnable(() -> okComplete(request, responder))));
    }

    private boolean mayExpunge(MessageManager mailbox, ImapSession session) {
        try {
            return getMailboxManager()
                    .hasRight(mailbox.getMailboxEntity(), MailboxACL.Right.PerformExpunge, session.getMailboxSession());
        } catch (MailboxException e) {
            throw new IllegalStateException("rights are read out of the mailbox", e);
        }
    }
}
