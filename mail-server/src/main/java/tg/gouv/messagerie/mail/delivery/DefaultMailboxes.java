package tg.gouv.messagerie.mail.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxExistsException;
import org.apache.james.mailbox.model.MailboxConstants;
import org.apache.james.mailbox.model.MailboxPath;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.NewAccounts;
import tg.gouv.messagerie.mail.postgres.FirstMailboxes;

/** The mailboxes every account has from its activation, its first sign-in or its first delivery, subscribed. */
public final class DefaultMailboxes implements NewAccounts {
    private static final List<String> OTHERS = List.of("Drafts", "Sent", "Junk", "Trash", "Archive");

    private final MailboxManager mailboxes;

    /** Default mailboxes in this store. */
    public DefaultMailboxes(MailboxManager mailboxes) {
        this.mailboxes = mailboxes;
    }

    /** Makes those that the account does not have, unless it has an INBOX: a mailbox that its owner deleted stays deleted. */
    public void provide(MailboxSession session) throws MailboxException {
        MailboxPath inbox = MailboxPath.inbox(session);
        if (Boolean.TRUE.equals(
                Mono.from(mailboxes.mailboxExists(inbox, session)).block())) {
            return;
        }
        for (String name : OTHERS) {
            create(MailboxPath.forUser(session.getUser(), name), session);
        }
        create(inbox, session); // last: with it the account is complete
    }

    @Override
    public void provide(Connection connection, AccountId account, MailAddress primary) throws SQLException {
        List<String> all = new ArrayList<>(OTHERS);
        all.add(MailboxConstants.INBOX);
        FirstMailboxes.make(connection, account, primary, all);
    }

    private void create(MailboxPath path, MailboxSession session) throws MailboxException {
        try {
            mailboxes.createMailbox(path, MailboxManager.CreateOption.CREATE_SUBSCRIPTION, session);
        } catch (MailboxExistsException _) {
            // a concurrent sign-in or delivery made it
        }
    }
}
