package tg.gouv.messagerie.mail;

import java.sql.Connection;
import java.sql.SQLException;
import tg.gouv.messagerie.directory.AccountId;

/**
 * What mail does for an account whose person has left, in the transaction of the caller; done again, it is so already.
 *
 * <p>Each connection's search path is the schema {@code mail}.
 */
public interface DepartedAccounts {
    /**
     * Lets no filter and no redirect of the account act any more, and has everybody who writes told once that the person has left. The
     * scripts stay.
     *
     * @param subject of the answer
     * @param text of the answer, in lines of at most 998 characters
     */
    void leave(Connection connection, AccountId account, String subject, String text) throws SQLException;

    /** Has nobody told any more; which script is to act, the person says. */
    void comeBack(Connection connection, AccountId account) throws SQLException;
}
