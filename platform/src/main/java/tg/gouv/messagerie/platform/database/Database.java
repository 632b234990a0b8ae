package tg.gouv.messagerie.platform.database;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The program's PostgreSQL, embedded or external, open until closed. */
public interface Database extends AutoCloseable {
    /**
     * Brings a capability's schema up to date from the class-path folder {@code db/<schema>}.
     *
     * @throws DatabaseRefused if the schema is newer than this program, or a migration fails; that migration was undone
     */
    void migrate(String schema);

    /**
     * Opens the connections of a role; their {@code search_path} is the schema alone.
     *
     * @param role names the pool in metrics and in {@code pg_stat_activity}
     * @param most how many connections at once, 1 or more
     * @throws DatabaseRefused if PostgreSQL does not allow so many over all roles
     * @throws IllegalStateException if this role's connections are open already
     */
    Connections connections(String role, String schema, int most);

    /**
     * Hears, on a connection of its own until closed, what is notified on a channel (PostgreSQL's NOTIFY). A notification may be
     * lost, such as while the connection is opened again: it says « look », never what there is.
     *
     * @param channel lower-case letters and underscores
     * @param heard called with the notification's text; returns soon
     */
    AutoCloseable listen(String channel, Consumer<String> heard);

    /** Whole copies out of this database, or into it when it is empty. */
    Copying copying();

    /** How each role's connections are used now. */
    List<PoolUse> pools();

    /** The embedded server's process, absent for an external one. */
    OptionalLong processId();

    /** Calls back with the new process each time the embedded server was restarted after it died. */
    void onRestart(LongConsumer processId);

    /** Whether PostgreSQL answers a query now. */
    boolean answers();

    /** Closes the pools, and stops the embedded server if there is one. */
    @Override
    void close();
}
