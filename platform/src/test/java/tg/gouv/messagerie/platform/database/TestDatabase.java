package tg.gouv.messagerie.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * New, empty databases for tests, on one real PostgreSQL per test JVM.
 *
 * <p>The server lives under the module's {@code target}, with fsync on, and stops with the JVM. What a killed JVM left
 * behind is taken over by the next one; JVMs that run at the same time have a server each.
 */
public final class TestDatabase implements DatabaseOver {
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
        String name = "test_" + ProcessHandle.current().pid() + "_" + LAST.incrementAndGet();
        asSuperuser("create database " + name + " owner " + ServerOwner.NAME + " encoding utf8 template template0");
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
        return TestServer.RUNNING.address(name);
    }

    /** Runs a statement outside every transaction, as the one who may do everything. */
    static void asSuperuser(String sql) {
        try (Connection connection = TestServer.RUNNING.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The name of this database. */
    String name() {
        return name;
    }

    @Override
    public Database database() {
        return database;
    }

    @Override
    public void close() {
        database.close();
        asSuperuser("drop database " + name + " with (force)");
    }
}
