package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.james.core.Username;
import org.apache.james.mailbox.model.MailboxConstants;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.UidValidity;
import org.apache.james.mailbox.store.user.model.Subscription;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * The same rows as James's manager makes through our mappers, in one transaction of somebody else's. No event is told: whoever opens
 * the account reads the rows.
 */
/** The mailboxes of an account that has none. */
public final class FirstMailboxes {
    private FirstMailboxes() {}

    /**
     * Makes an account's mailboxes in the transaction of the caller, each with its subscription, unless it has an INBOX.
     *
     * @param connection whose search path is the schema {@code mail}
     * @param names of the mailboxes, INBOX among them
     * @return whether it had none
     */
    public static boolean make(Connection connection, AccountId account, MailAddress primary, List<String> names)
            throws SQLException {
        boolean there = Sql.first(
                        connection,
                        row -> 1,
                        "select from mailbox where owner_id = ? and namespace = ? and name = ?",
                        account.value(),
                        MailboxConstants.USER_NAMESPACE,
                        MailboxConstants.INBOX)
                .isPresent();
        if (there) {
            return false;
        }
        Username user = Username.of(primary.toString());
        for (String name : names) {
            MailboxPath path = MailboxPath.forUser(user, name);
            // One that a sign-in or a delivery makes at this moment is theirs.
            if (PostgresMailboxMapper.insert(connection, account.value(), path, UidValidity.generate())
                    .isPresent()) {
                PostgresSubscriptionMapper.insert(connection, account, new Subscription(user, path.asEscapedString()));
            }
        }
        return true;
    }
}
