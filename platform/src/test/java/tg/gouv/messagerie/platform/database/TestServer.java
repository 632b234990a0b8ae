package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * The PostgreSQL of this test JVM: a private one below {@code target}, or the one that two system properties name, so that
 * the same tests run on another version: {@code messagerie.test.postgresql} (a port of 127.0.0.1) and {@code
 * messagerie.test.password} (of its user {@code postgres}).
 */
record TestServer(int port, Secret superuserPassword, Secret ownerPassword) {
    private static final int SERVERS_MAX = 32;
    private static final @Nullable Integer GIVEN = Integer.getInteger("messagerie.test.postgresql");

    /** Started when first asked for, stopped with the JVM. */
    static final TestServer RUNNING = GIVEN == null ? started() : given(GIVEN);

    /** A database, as the program's user sees it. */
    ServerAddress address(String database) {
        return ServerAddress.embedded(port, database, ServerOwner.NAME, ownerPassword);
    }

    /** A connection of the one who may do everything. */
    Connection superuser() throws SQLException {
        return ServerAddress.embedded(port, "postgres", ServerCluster.SUPERUSER, superuserPassword)
                .dataSource("test", Duration.ofMinutes(1), "")
                .getConnection();
    }

    /** Where the servers of tests live: below {@code target}, unless root builds where an unprivileged user may not walk. */
    static Path folder() {
        Path target = Path.of("target").toAbsolutePath().normalize();
        try {
            return ServerUser.choose(Optional.empty()).obstacle(target).isEmpty()
                    ? target.resolve("test-database")
                    : Path.of("/var/tmp/messagerie-test-" + Integer.toHexString(target.hashCode()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestServer given(int port) {
        Secret password = new Secret(System.getProperty("messagerie.test.password", ""));
        TestServer server = new TestServer(port, password, password);
        try (Connection connection = server.superuser()) {
            if (Sql.first(connection, row -> 1, "select 1 from pg_roles where rolname = ?", ServerOwner.NAME)
                    .isEmpty()) {
                Sql.update(
                        connection, "create role " + ServerOwner.NAME + " login password '" + password.reveal() + "'");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server;
    }

    private static TestServer started() {
        EmbeddedSettings settings = new EmbeddedSettings(
                0, ByteSize.parse("64MB"), 300, Optional.empty(), Duration.ofMinutes(2), Duration.ofSeconds(6));
        for (int i = 0; ; i++) {
            try {
                EmbeddedServer server = EmbeddedServer.start(settings, folder().resolve("server-" + i));
                Runtime.getRuntime().addShutdownHook(new Thread(server::close, "test-database-stop"));
                TestServer running = new TestServer(
                        server.port(),
                        server.superuser().password(),
                        server.address(ServerOwner.NAME).password());
                running.dropLeftovers();
                return running;
            } catch (DatabaseRefused e) {
                boolean taken = String.valueOf(e.getMessage()).startsWith("Another Messagerie");
                if (!taken || i == SERVERS_MAX) {
                    throw e;
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Drops the databases of a test JVM that was killed. */
    private void dropLeftovers() {
        try (Connection connection = superuser()) {
            for (String left : Sql.query(
                    connection,
                    row -> row.getString(1),
                    "select datname from pg_database where datname like 'test\\_%'")) {
                Sql.update(connection, "drop database " + left + " with (force)");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
