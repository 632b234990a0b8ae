package tg.gouv.messagerie.platform.database;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** A database that is another one, but for what a test changes. */
public interface DatabaseOver extends Database {
    /** The other one. */
    Database database();

    @Override
    default void migrate(String schema) {
        database().migrate(schema);
    }

    @Override
    default Connections connections(String role, String schema, int most) {
        return database().connections(role, schema, most);
    }

    @Override
    default AutoCloseable listen(String channel, Consumer<String> heard) {
        return database().listen(channel, heard);
    }

    @Override
    default Copying copying() {
        return database().copying();
    }

    @Override
    default List<PoolUse> pools() {
        return database().pools();
    }

    @Override
    default OptionalLong processId() {
        return database().processId();
    }

    @Override
    default void onRestart(LongConsumer processId) {
        database().onRestart(processId);
    }

    @Override
    default boolean answers() {
        return database().answers();
    }

    @Override
    default void close() {
        database().close();
    }
}
