package tg.gouv.messagerie.mail.imap;

import javax.inject.Inject;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.api.process.MailboxType;
import org.apache.james.imap.api.process.MailboxTyper;
import org.apache.james.imap.message.request.ListRequest;
import org.apache.james.imap.processor.ListProcessor;
import org.apache.james.imap.processor.StatusProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.SubscriptionManager;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.metrics.api.MetricFactory;

/** LIST that always tells what a mailbox is for, as RFC 6154 section 2 allows: many clients ask no other way. */
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
}
