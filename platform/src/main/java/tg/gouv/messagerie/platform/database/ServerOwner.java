package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Who owns the program's database on the private server: a user that may do nothing else. */
final class ServerOwner {
    static final String NAME = "messagerie";

    private static final Duration SILENCE = Duration.ofSeconds(30);

    private ServerOwner() {}

    /**
     * Makes the owner and the database when they are missing, and gives the owner the password we hold.
     *
     * @throws DatabaseRefused if the server does not know our password
     */
    static void make(ServerHome home, int port) throws IOException, SQLException {
        String password = home.secret(NAME).reveal();
        try (Connection connection = superuser(home, port)
                        .dataSource("messagerie:start", SILENCE, "")
                        .getConnection();
                Statement statement = connection.createStatement()) {
            boolean known = has(connection, "select 1 from pg_roles where rolname = ?");
            // 64 hexadecimal digits of ours: nothing to quote.
            statement.execute((known ? "alter" : "create") + " role " + NAME + " login password '" + password + "'");
            if (!has(connection, "select 1 from pg_database where datname = ?")) {
                statement.execute("create database " + NAME + " owner " + NAME);
            }
        } catch (SQLException e) {
            if (SqlState.of(e).isPasswordRefused()) {
                throw new DatabaseRefused(
                        "The private PostgreSQL refuses the password in " + home.secretFile(ServerCluster.SUPERUSER)
                                + ": put that file back from the backup.",
                        e);
            }
            throw e;
        }
    }

    /** The private server's own database, as the one who may do everything. */
    static ServerAddress superuser(ServerHome home, int port) throws IOException {
        return ServerAddress.embedded(port, "postgres", ServerCluster.SUPERUSER, home.secret(ServerCluster.SUPERUSER));
    }

    private static boolean has(Connection connection, String sql) throws SQLException {
        return Sql.first(connection, row -> true, sql, NAME).isPresent();
    }
}
