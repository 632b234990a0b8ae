package tg.gouv.messagerie.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A database that passed {@link ServerDemands}, its pools, and the private server if that is where it lives. */
final class OpenDatabase implements Database {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z_]{0,62}");

    /** The operator's own session, health, migrations, listening. */
    private static final int CONNECTIONS_KEPT = 4;

    private static final Duration HEALTH = Duration.ofSeconds(2);

    private final ServerAddress address;
    private final DatabaseSettings settings;
    private final int connectionsMax;
    private final @Nullable EmbeddedServer server;
    private final List<PooledConnections> pools = new CopyOnWriteArrayList<>();

    private OpenDatabase(
            ServerAddress address, DatabaseSettings settings, int connectionsMax, @Nullable EmbeddedServer server) {
        this.address = address;
        this.settings = settings;
        this.connectionsMax = connectionsMax;
        this.server = server;
    }

    /**
     * Looks at a database and opens it if the program may run on it.
     *
     * @param server the private server that is stopped with the database
     * @throws DatabaseRefused if it cannot be reached or used
     */
    static OpenDatabase open(ServerAddress address, DatabaseSettings settings, @Nullable EmbeddedServer server) {
        String where = ExternalUrl.where(address.url());
        try (Connection connection = address.dataSource("messagerie:start", Duration.ofSeconds(30), "")
                .getConnection()) {
            return new OpenDatabase(address, settings, ServerDemands.check(connection, where), server);
        } catch (SQLException e) {
            throw unreachable(address, where, e);
        }
    }

    @Override
    public void migrate(String schema) {
        demandName(schema);
        new Migrations(address.dataSource("messagerie:migrations", Duration.ZERO, ""), schema).apply();
    }

    @Override
    public synchronized Connections connections(String role, String schema, int most) {
        demandName(schema);
        if (pools.stream().anyMatch(pool -> pool.use().role().equals(role))) {
            throw new IllegalStateException("the connections of role " + role + " are open already");
        }
        int asked = most + pools.stream().mapToInt(pool -> pool.use().most()).sum();
        if (asked > connectionsMax - CONNECTIONS_KEPT) {
            throw new DatabaseRefused("The program needs " + asked + " connections and " + CONNECTIONS_KEPT
                    + " in reserve, PostgreSQL at " + ExternalUrl.where(address.url()) + " gives " + connectionsMax
                    + ": raise its max_connections (database.embedded.connections-max for the private one).");
        }
        // Longer than any statement: a connection silent for that long leads nowhere.
        Duration silence = settings.statementTimeout().plusSeconds(15);
        String session = "-c search_path=" + schema
                + " -c statement_timeout=" + settings.statementTimeout().toMillis()
                + " -c idle_in_transaction_session_timeout="
                + settings.idleInTransactionTimeout().toMillis()
                // Our statements find few rows by an index whatever their parameters are: planning them again each time
                // costs more than running them.
                + " -c plan_cache_mode=force_generic_plan -c jit=off";
        PooledConnections pool = new PooledConnections(
                role, schema, address.dataSource("messagerie:" + role, silence, session), most, settings);
        pools.add(pool);
        return pool;
    }

    @Override
    public AutoCloseable listen(String channel, Consumer<String> heard) {
        demandName(channel);
        // A connection that hears nothing is not silent: it is asked every half second.
        return new Listening(address.dataSource("messagerie:listen", Duration.ofSeconds(30), ""), channel, heard);
    }

    @Override
    public Copying copying() {
        return new Copying(address);
    }

    @Override
    public List<PoolUse> pools() {
        return pools.stream().map(PooledConnections::use).toList();
    }

    @Override
    public OptionalLong processId() {
        return server == null ? OptionalLong.empty() : OptionalLong.of(server.processId());
    }

    @Override
    public void onRestart(LongConsumer processId) {
        Optional.ofNullable(server).ifPresent(it -> it.onRestart(processId));
    }

    @Override
    public boolean answers() {
        try (Connection connection =
                address.dataSource("messagerie:health", HEALTH, "").getConnection()) {
            return Sql.first(connection, row -> row.getInt(1), "select 1").isPresent();
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        pools.forEach(PooledConnections::close);
        if (server != null) {
            server.close();
        }
    }

    private static void demandName(String schema) {
        if (!NAME.matcher(schema).matches()) {
            throw new IllegalStateException("a schema's name is lower-case letters and underscores, found " + schema);
        }
    }

    private static DatabaseRefused unreachable(ServerAddress address, String where, SQLException e) {
        SqlState state = SqlState.of(e);
        if (state.isPasswordRefused()) {
            return new DatabaseRefused(
                    "PostgreSQL at " + where + " refuses user " + address.user()
                            + ": check database.user and the password file.",
                    e);
        }
        if (state.isDatabaseMissing()) {
            return new DatabaseRefused(
                    "PostgreSQL at " + where + " has no database "
                            + ExternalUrl.database(address.url()) + ": create it, owned by " + address.user()
                            + ", or correct database.url.",
                    e);
        }
        return new DatabaseRefused("PostgreSQL at " + where + " cannot be used: " + e.getMessage(), e);
    }
}
