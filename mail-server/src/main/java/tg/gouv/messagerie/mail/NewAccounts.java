package tg.gouv.messagerie.mail;

import java.sql.Connection;
import java.sql.SQLException;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;

/** What mail has ready for an account from the beginning. */
public interface NewAccounts {
    /**
     * Makes an account's default mailboxes, subscribed, in the transaction of the caller; none if it has an INBOX already: a mailbox
     * that its owner deleted stays deleted.
     *
     * @param connection whose search path is the schema {@code mail}
     * @param primary the account's primary address
     */
    void provide(Connection connection, AccountId account, MailAddress primary) throws SQLException;
}
