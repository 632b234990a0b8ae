package tg.gouv.messagerie.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a PostgreSQL must be before a message is entrusted to it. */
final class ServerDemands {
    private static final int VERSION_MIN = 15;

    /** What 250 OK means: on the disk, whole, whatever stops the machine. */
    private static final Map<String, Set<String>> DURABLE = Map.of(
            "fsync", Set.of("on"),
            "synchronous_commit", Set.of("on", "remote_apply"),
            "full_page_writes", Set.of("on"));

    private ServerDemands() {}

    /**
     * Looks at the server as our own connections see it.
     *
     * @param where the server, as the operator knows it
     * @return how many connections it leaves us
     * @throws DatabaseRefused if the program must not run on it
     */
    static int check(Connection connection, String where) throws SQLException {
        checkVersion(connection.getMetaData().getDatabaseMajorVersion(), where);
        for (String name : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            String value = setting(connection, name);
            if (!DURABLE.getOrDefault(name, Set.of()).contains(value)) {
                throw new DatabaseRefused("PostgreSQL at " + where + " has " + name + " = " + value
                        + ", so mail that was accepted could be lost: set it to on for the server, this database and"
                        + " this user.");
            }
        }
        if (!setting(connection, "server_encoding").equals("UTF8")) {
            throw new DatabaseRefused("The database at " + where + " is not in UTF-8 but "
                    + setting(connection, "server_encoding") + ": create it with encoding UTF8.");
        }
        if (Sql.first(connection, row -> row.getBoolean(1), "select pg_is_in_recovery()")
                .orElse(false)) {
            throw new DatabaseRefused("PostgreSQL at " + where + " is a standby, which cannot be written: name the"
                    + " primary, or add targetServerType=primary to database.url.");
        }
        return Integer.parseInt(setting(connection, "max_connections"))
                - Integer.parseInt(setting(connection, "superuser_reserved_connections"));
    }

    /** Refuses a server older than the SQL we write. */
    static void checkVersion(int version, String where) {
        if (version < VERSION_MIN) {
            throw new DatabaseRefused(
                    "PostgreSQL at " + where + " is version " + version + ": " + VERSION_MIN + " or later is needed.");
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        return Sql.first(connection, row -> row.getString(1), "select current_setting(?)", name)
                .orElse("");
    }
}
