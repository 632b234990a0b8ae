package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The keeper's transaction exports the snapshot that every reader takes over, and keeps it until the end. Before it looks at
 * anything it locks the tables against whoever would alter, empty or drop them (ACCESS SHARE, the lock of a reader): what a
 * snapshot shows survives deletions, but not TRUNCATE and not DROP.
 *
 * Parts of a table are made and dropped while the program runs, which waits for such a lock. So tables in parts are locked by a
 * connection of its own, copied first, and let go as soon as they are.
 *
 * A table may be made between the look at the catalogue that names what to lock and the snapshot: then all begins anew.
 */
/**
 * One moment of the database, read by several connections at once while others go on writing.
 *
 * <p>Used from any thread; as many read at once as it has readers, others wait. While it is open PostgreSQL cannot clean up what
 * was deleted since.
 */
public final class Snapshot implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

    /** How often tables may change under our eyes before we give up. */
    private static final int TRIES_MAX = 5;

    private final ServerAddress address;
    private final Connection keeper;
    private final Connection partsKeeper;
    private final String id;
    private final List<Catalogue.Found> found;
    private final List<SchemaVersion> versions;
    private final List<SequenceState> sequences;
    private final BlockingDeque<Connection> readers = new LinkedBlockingDeque<>();
    private final List<Connection> opened = new ArrayList<>();
    private final Set<Table> partsLeft = new HashSet<>();

    private Snapshot(
            ServerAddress address, Connection keeper, Connection partsKeeper, List<Catalogue.Found> locked, int count)
            throws SQLException {
        this.address = address;
        this.keeper = keeper;
        this.partsKeeper = partsKeeper;
        this.id = Sql.first(keeper, row -> row.getString(1), "select pg_export_snapshot()")
                .orElseThrow();
        this.found = Catalogue.tables(keeper).stream()
                .sorted(Comparator.comparing(Catalogue.Found::inParts)
                        .thenComparingLong(Catalogue.Found::bytes)
                        .reversed())
                .toList();
        if (!names(found).equals(names(locked))) {
            throw new TablesChanged();
        }
        this.versions = Catalogue.versions(keeper);
        this.sequences = Catalogue.sequences(keeper);
        found.stream()
                .filter(Catalogue.Found::inParts)
                .map(Catalogue.Found::table)
                .forEach(partsLeft::add);
        for (int i = 0; i < count; i++) {
            Connection reader = connect(address);
            opened.add(reader);
            readers.add(reader);
        }
    }

    /** A table was made or dropped while the others were locked. */
    private static final class TablesChanged extends SQLException {
        private static final long serialVersionUID = 1;
    }

    /** Takes a snapshot with so many readers. */
    static Snapshot take(ServerAddress address, int readers) {
        for (int tries = 1; ; tries++) {
            Connection keeper = null;
            Connection partsKeeper = null;
            try {
                keeper = connect(address);
                partsKeeper = connect(address);
                List<Catalogue.Found> tables = Catalogue.tables(keeper);
                begin(keeper);
                begin(partsKeeper);
                lock(
                        partsKeeper,
                        tables.stream().filter(Catalogue.Found::inParts).toList());
                lock(keeper, tables.stream().filter(it -> !it.inParts()).toList());
                return new Snapshot(address, keeper, partsKeeper, tables, readers);
            } catch (SQLException e) {
                close(keeper);
                close(partsKeeper);
                if (!(e instanceof TablesChanged) || tries == TRIES_MAX) {
                    throw StoreUnavailable.of("snapshot", e);
                }
                LOG.info("event=snapshot-again reason=\"a table was made or dropped\"");
            }
        }
    }

    /** The tables: first those that must be copied soon, then the largest first. */
    public List<Table> tables() {
        return found.stream().map(Catalogue.Found::table).toList();
    }

    /** How many bytes the tables have on PostgreSQL's disk, about what copies of them will have. */
    public long bytes() {
        return found.stream().mapToLong(Catalogue.Found::bytes).sum();
    }

    /** The sequences, each at least as far as the tables show it. */
    public List<SequenceState> sequences() {
        return sequences;
    }

    /** Which migrations made the schemas. */
    public List<SchemaVersion> versions() {
        return versions;
    }

    /**
     * Copies a table's rows in PostgreSQL's binary format, which the next version of PostgreSQL reads too.
     *
     * @return how many rows it has
     * @throws IOException if the stream failed
     * @throws StoreUnavailable if PostgreSQL failed
     */
    public long copy(Table table, OutputStream to) throws IOException {
        long rows = read(connection -> connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut(
                        "copy (select " + table.quotedColumns() + " from " + table.quoted()
                                + ") to stdout (format binary)",
                        to));
        copied(table);
        return rows;
    }

    /** What is done with a connection that sees this moment. */
    @FunctionalInterface
    public interface Reading<T> {
        T on(Connection connection) throws SQLException, IOException;
    }

    /** Looks at this moment; nothing can be written. */
    public <T> T read(Reading<T> reading) throws IOException {
        Connection reader = null;
        try {
            reader = readers.take();
            begin(reader);
            execute(reader, "set transaction snapshot '" + id + "'");
            T result = reading.on(reader);
            reader.commit(); // lets go of the tables' locks
            return result;
        } catch (SQLException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure; // the stream's, in the driver's clothes
            }
            throw StoreUnavailable.of("snapshot", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("the look at a snapshot was interrupted", true, e);
        } finally {
            if (reader != null) {
                readers.add(reader);
            }
        }
    }

    /** Ends every look that is under way. */
    @Override
    public void close() {
        opened.forEach(Snapshot::close);
        close(partsKeeper);
        close(keeper);
    }

    private synchronized void copied(Table table) {
        if (partsLeft.remove(table) && partsLeft.isEmpty()) {
            close(partsKeeper);
        }
    }

    private static Connection connect(ServerAddress address) throws SQLException {
        Connection connection = address.dataSource(
                        "messagerie:backup",
                        Duration.ZERO,
                        "-c search_path=pg_catalog -c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
                                + " -c lock_timeout=30s -c jit=off")
                .getConnection();
        try {
            if (connection.getMetaData().getDatabaseMajorVersion() >= 17) {
                Sql.first(connection, row -> true, "select set_config('transaction_timeout', '0', false)");
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Begins a transaction that sees one moment; its first query decides which. */
    private static void begin(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback(); // what a failure left
        }
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
    }

    private static void lock(Connection connection, List<Catalogue.Found> tables) throws SQLException {
        if (!tables.isEmpty()) {
            execute(
                    connection,
                    "lock table "
                            + tables.stream().map(it -> it.table().quoted()).collect(Collectors.joining(", "))
                            + " in access share mode");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Set<Table> names(List<Catalogue.Found> tables) {
        return tables.stream().map(Catalogue.Found::table).collect(Collectors.toSet());
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.warn("event=snapshot-close-failed reason=\"{}\"", e.getMessage());
        }
    }

    @Override
    public String toString() {
        return "snapshot " + id + " of " + ExternalUrl.where(address.url());
    }
}
