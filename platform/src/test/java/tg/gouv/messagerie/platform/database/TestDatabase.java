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

/**
 * New, empty databases for tests, on one real PostgreSQL per test JVM.
 *
 * <p>The server lives under the module's {@code target}, with fsync on, and stops with the JVM. What a killed JVM left
 * behind is taken over by the next one; JVMs that run at the same time have a server each.
 */
public final class TestDatabase implements Database {
    private static final AtomicInteger LAST = new AtomicInteger();
    private static final int SERVERS_MAX = 32;

    private final Database database;
    private final String name;

    private TestDatabase(Database database, String name) {
        this.database = database;
        this.name = name;
    }

    /** A new, empty database; closing it drops it. */
    public static Database fresh() {
        String name = "test_" + LAST.incrementAndGet();
        asSuperuser("drop database if exists " + name + " with (force)");
        asSuperuser("create database " + name + " owner " + ServerOwner.NAME);
        try {
            DatabaseSettings settings = DatabaseSettings.embeddedByDefault();
            return new TestDatabase(OpenDatabase.open(Server.RUNNING.address(name), settings, null), name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server all fresh databases of this JVM live on. */
    static EmbeddedServer server() {
        return Server.RUNNING;
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
        asSuperuser("drop database if exists " + name + " with (force)");
    }

    private static void asSuperuser(String sql) {
        try (Connection connection = Server.RUNNING
                        .superuser("postgres")
                        .dataSource("test", Duration.ofMinutes(1), "")
                        .getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Started when the first database is asked for. */
    private static final class Server {
        static final EmbeddedServer RUNNING = start();

        private static EmbeddedServer start() {
            for (int i = 0; ; i++) {
                try {
                    EmbeddedServer server = EmbeddedServer.start(settings(), folder().resolve("server-" + i));
                    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "test-database-stop"));
                    return server;
                } catch (DatabaseRefused e) {
                    boolean taken = e.getMessage() != null && e.getMessage().startsWith("Another Messagerie");
                    if (!taken || i == SERVERS_MAX) {
                        throw e;
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private static EmbeddedSettings settings() {
            return new EmbeddedSettings(
                    0, ByteSize.parse("64MB"), 300, Optional.empty(), Duration.ofMinutes(2), Duration.ofSeconds(8));
        }

        /** Below target, unless root built where an unprivileged user may not walk. */
        private static Path folder() throws IOException {
            Path target = Path.of("target").toAbsolutePath().normalize();
            return ServerUser.choose(Optional.empty()).obstacle(target).isEmpty()
                    ? target.resolve("test-database")
                    : Path.of("/var/tmp/messagerie-test-" + Integer.toHexString(target.hashCode()));
        }
    }
}
