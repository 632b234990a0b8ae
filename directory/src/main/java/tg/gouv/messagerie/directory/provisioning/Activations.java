package tg.gouv.messagerie.directory.provisioning;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Who must know that accounts became active: others owe them something from then on. */
@FunctionalInterface
public interface Activations {
    /**
     * Notes it in the transaction of the act; what follows is done after its commit.
     *
     * @param connection the act's, whose search path is the schema {@code directory}
     * @param accounts at least one
     */
    void activated(Connection connection, List<Activation> accounts) throws SQLException;
}
