package tg.gouv.messagerie.mail.james;

import java.util.Set;
import tg.gouv.messagerie.mail.postgres.MortalConnections;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.DatabaseOver;

/**
 * The database as a mail server sees it whose program can be killed.
 *
 * @param immortal the roles whose connections live on
 */
record MortalDatabase(Database database, MortalConnections.Life life, Set<String> immortal) implements DatabaseOver {
    @Override
    public Connections connections(String role, String schema, int most) {
        Connections living = database.connections(role, schema, most);
        return immortal.contains(role) ? living : new MortalConnections(living, life);
    }

    @Override
    public void close() {
        // the test's to close
    }
}
