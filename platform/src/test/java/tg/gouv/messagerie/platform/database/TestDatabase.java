package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * New, empty databases for tests, on one real PostgreSQL per test JVM.
 *
 * <p>The server lives under the module's {@code target}, with fsync on, and stops with the JVM. What a killed JVM left
 * behind is taken over by the next one; JVMs that run at the same time have a server each.
 */
public final class TestDatabase implements Database {
    private static final AtomicInteger LAST = new AtomicInteger();

    private final Database database;
    private final String name;

    private TestDatabase(Database database, String name) {
        this.database = database;
        this.name = name;
    }

    /** A new, empty database; closing it drops it. */
    public static Database fresh() {
        return fresh(DatabaseSettings.embeddedByDefault());
    }

    /** A new, empty database with other limits than the usual ones. */
    static Database fresh(DatabaseSettings settings) {
        String name = "test_" + LAST.incrementAndGet();
        asSuperuser("create database " + name + " owner " + ServerOwner.NAME);
        return new TestDatabase(OpenDatabase.open(address(name), settings, null), name);
    }

    /** The URL of a fresh database, for a program that a test starts. */
    public static String url(Database fresh) {
        return address(((TestDatabase) fresh).name()).url();
    }

    /** The password for {@link #url}. */
    public static String password() {
        return address("postgres").password().reveal();
    }

    /** The settings with which a program that a test starts opens {@link #url}. */
    public static DatabaseSettings settings(String url, String password) {
        DatabaseSettings usual = DatabaseSettings.embeddedByDefault();
        return new DatabaseSettings(
                Optional.of(url),
                ServerOwner.NAME,
                Optional.of(new Secret(password)),
                Optional.empty(),
                usual.acquireTimeout(),
                usual.waitingMax(),
                usual.statementTimeout(),
                usual.idleInTransactionTimeout(),
                usual.embedded());
    }

    /** A database of this JVM's server, as the program's user sees it. */
    static ServerAddress address(String name) {
        try {
            return TestServer.RUNNING.address(name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a statement outside every transaction, as the one who may do everything. */
    static void asSuperuser(String sql) {
        try (Connection connection = TestServer.RUNNING
                        .superuser("postgres")
                        .dataSource("test", Duration.ofMinutes(1), "")
                        .getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(sql, e);
        }
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

    /** The name of this database. */
    String name() {
        return name;
    }

    @Override
    public void migrate(String schema) {
        database.migrate(schema);
    }

    @Override
    public Connections connections(String role, String schema, int most) {
        return database.connections(role, schema, most);
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
    public void close() {
        database.close();
        asSuperuser("drop database " + name + " with (force)");
    }

    /** Started when the first database is asked for. */
    private static final class TestServer {
        private static final int SERVERS_MAX = 32;
        static final EmbeddedServer RUNNING = start();

        private static EmbeddedServer start() {
            EmbeddedSettings settings = new EmbeddedSettings(
                    0, ByteSize.parse("64MB"), 300, Optional.empty(), Duration.ofMinutes(2), Duration.ofSeconds(6));
            for (int i = 0; ; i++) {
                try {
                    EmbeddedServer server = EmbeddedServer.start(settings, folder().resolve("server-" + i));
                    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "test-database-stop"));
                    dropLeftovers(server);
                    return server;
                } catch (DatabaseRefused e) {
                    boolean taken = String.valueOf(e.getMessage()).startsWith("Another Messagerie");
                    if (!taken || i == SERVERS_MAX) {
                        throw e;
                    }
                }
            }
        }

        /** The databases of a test JVM that was killed. */
        private static void dropLeftovers(EmbeddedServer server) {
            try (Connection connection = server.superuser("postgres")
                    .dataSource("test", Duration.ofMinutes(1), "")
                    .getConnection()) {
                for (String left : Sql.query(
                        connection,
                        row -> row.getString(1),
                        "select datname from pg_database where datname like 'test\\_%'")) {
                    Sql.update(connection, "drop database " + left + " with (force)");
                }
            } catch (SQLException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
