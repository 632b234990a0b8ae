package tg.gouv.messagerie.mail.james;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tg.gouv.messagerie.mail.postgres.MortalConnections;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Copying;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.PoolUse;

/**
 * The database as a mail server sees it whose program can be killed.
 *
 * @param immortal the roles whose connections live on
 */
record MortalDatabase(Database database, MortalConnections.Life life, Set<String> immortal) implements Database {
    @Override
    public Connections connections(String role, String schema, int most) {
        Connections living = database.connections(role, schema, most);
        return immortal.contains(role) ? living : new MortalConnections(living, life);
    }

    @Override
    public void migrate(String schema) {
        database.migrate(schema);
    }

    @Override
    public Copying copying() {
        return database.copying();
    }

    @Override
    public List<PoolUse> pools() {
        return database.pools();
    }

    @Override
    public OptionalLong processId() {
        return database.processId();
    }

    @Override
    public void onRestart(LongConsumer processId) {
        database.onRestart(processId);
    }

    @Override
    public boolean answers() {
        return database.answers();
    }

    @Override
    public AutoCloseable listen(String channel, Consumer<String> heard) {
        return database.listen(channel, heard);
    }

    @Override
    public void close() {
        // the test's to close
    }
}
