package tg.gouv.messagerie.directory.provisioning;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import tg.gouv.messagerie.directory.AccountId;

/**
 * Who must know what became of accounts, since others owe them something from then on. It is noted in the transaction of the act, on its
 * connection, whose search path is the schema {@code directory}; what follows is done after its commit.
 */
@FunctionalInterface
public interface Activations {
    /** Notes that accounts became active for the first time, at least one. */
    void activated(Connection connection, List<Activation> accounts) throws SQLException;

    /** Notes that people left or came back, at least one. */
    default void departed(Connection connection, List<Departed> accounts) throws SQLException {
        // nothing is owed to them
    }

    /** Notes that somebody has chosen another password with recovery codes: they are told, in case it was somebody else. */
    default void recovered(Connection connection, Activation account) throws SQLException {
        // nobody can tell them
    }

    /** Notes that everything of people was erased, at least of one: whoever keeps something of them erases it too. */
    default void erased(Connection connection, List<AccountId> accounts) throws SQLException {
        // nothing is kept of them
    }
}
