package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/*
 * Foreign keys are taken away while the tables are filled, and added again: that lets tables come in any order, and PostgreSQL then
 * checks every row. Triggers rest meanwhile: what they wrote when it happened is in the copy too. What migrations themselves have put into the tables is removed first, for the copy has it.
 */
/** Whole copies out of a database and into an empty one, by the protocol alone: no program of PostgreSQL's is needed. */
public final class Copying {
    private final ServerAddress address;

    Copying(ServerAddress address) {
        this.address = address;
    }

    /**
     * Takes a snapshot that several connections read at once.
     *
     * @param readers how many, 1 or more
     */
    public Snapshot snapshot(int readers) {
        return Snapshot.take(address, readers);
    }

    /** A lock of the database that one holds, until it is closed or its holder dies; empty if another holds it. */
    public Optional<AutoCloseable> lock(long number) {
        Connection holder = null;
        try {
            holder = connect();
            if (Sql.first(holder, row -> row.getBoolean(1), "select pg_try_advisory_lock(?)", number)
                    .orElse(false)) {
                Connection held = holder;
                return Optional.of(() -> unlock(held, number));
            }
            holder.close();
            return Optional.empty();
        } catch (SQLException e) {
            throw StoreUnavailable.of("backup", e);
        }
    }

    /** The lock is free when this returns; that of a connection which is merely closed, once its process has noticed. */
    private static void unlock(Connection held, long number) throws SQLException {
        try (held) {
            Sql.first(held, row -> row.getBoolean(1), "select pg_advisory_unlock(?)", number);
        }
    }

    /** A table of ours that holds something; empty if the database is ready to be filled. */
    public Optional<Table> filled() {
        try (Connection connection = connect()) {
            return Catalogue.filled(connection).stream().findFirst();
        } catch (SQLException e) {
            throw StoreUnavailable.of("restore", e);
        }
    }

    /**
     * Makes a schema as these migrations make it, and no later one.
     *
     * @throws DatabaseRefused if this program does not know them, or knows them otherwise
     */
    public void migrate(SchemaVersion wanted) {
        Migrations.upTo(source(), wanted.schema(), wanted.version()).apply();
        try (Connection connection = connect()) {
            boolean same = Catalogue.versions(connection).contains(wanted);
            if (!same) {
                throw new DatabaseRefused("Schema " + wanted.schema() + " cannot be made as it was at migration "
                        + wanted.version() + ": the migrations of this program are not those that made it. Restore with"
                        + " the version that made the backup.");
            }
        } catch (SQLException e) {
            throw StoreUnavailable.of("restore", e);
        }
    }

    /** Our schemas. */
    public Set<String> schemas() {
        try (Connection connection = connect()) {
            return new TreeSet<>(Catalogue.schemas(connection));
        } catch (SQLException e) {
            throw StoreUnavailable.of("restore", e);
        }
    }

    /** Removes schemas that {@link #migrate} made, with whatever is in them. */
    public void drop(Set<String> schemas) {
        try (Connection connection = connect()) {
            for (String schema : schemas) {
                execute(connection, "drop schema if exists " + Table.quoted(schema) + " cascade");
            }
        } catch (SQLException e) {
            throw StoreUnavailable.of("restore", e);
        }
    }

    /** What is done while the tables are filled, in their transaction. */
    @FunctionalInterface
    public interface Work<X extends Exception> {
        void on(Filling filling) throws SQLException, IOException, X;
    }

    /** Tables that are being filled. */
    public static final class Filling {
        private final Connection connection;

        private Filling(Connection connection) {
            this.connection = connection;
        }

        /**
         * Fills a table with what {@link Snapshot#copy} wrote.
         *
         * @return how many rows it has
         */
        public long table(Table table, InputStream copy) throws SQLException, IOException {
            return connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy " + table.quoted() + " (" + table.quotedColumns() + ") from stdin (format binary)",
                            copy);
        }

        /** Brings a sequence as far as it was. */
        public void sequence(SequenceState state) throws SQLException {
            Sql.first(
                    connection,
                    row -> true,
                    "select setval(?::regclass, ?, ?)",
                    new Table(state.schema(), state.name(), List.of()).quoted(),
                    state.last(),
                    state.called());
        }

        /** The transaction's connection, whose search path is empty. */
        public Connection connection() {
            return connection;
        }
    }

    /**
     * Fills every table of our schemas, in one transaction; when this returns all of it is durable and every constraint holds.
     *
     * @param tables every table there is, with every column
     * @throws DatabaseRefused if the database has other tables or columns; nothing was changed
     * @throws StoreUnavailable if PostgreSQL failed or a constraint does not hold; nothing was changed
     */
    public <X extends Exception> void fill(Set<Table> tables, Work<X> work) throws IOException, X {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            demandSame(tables, connection);
            List<String> keys = takeForeignKeys(connection);
            execute(
                    connection,
                    "truncate " + tables.stream().map(Table::quoted).sorted().collect(Collectors.joining(", ")));
            eachOf(tables, "disable trigger user", connection);
            work.on(new Filling(connection));
            eachOf(tables, "enable trigger user", connection);
            for (String key : keys) {
                execute(connection, key);
            }
            connection.commit();
            connection.setAutoCommit(true);
            for (Table table : tables) {
                execute(connection, "analyze " + table.quoted());
            }
        } catch (SQLException e) {
            throw StoreUnavailable.of("restore", e);
        }
    }

    private static void demandSame(Set<Table> tables, Connection connection) throws SQLException {
        Set<Table> there = Catalogue.tables(connection).stream()
                .map(Catalogue.Found::table)
                .collect(Collectors.toSet());
        Set<Table> others = new HashSet<>(tables);
        others.removeAll(there);
        there.removeAll(tables);
        others.addAll(there);
        if (!others.isEmpty()) {
            throw new DatabaseRefused("The tables are not those of the copy: "
                    + others.stream().map(Table::toString).sorted().distinct().collect(Collectors.joining(", ")) + ".");
        }
    }

    /** Removes the foreign keys; returns the statements that add them again. */
    private static List<String> takeForeignKeys(Connection connection) throws SQLException {
        List<String[]> keys =
                Sql.query(connection, row -> new String[] {row.getString(1), row.getString(2), row.getString(3)}, """
                select format('%I.%I', n.nspname, c.relname), quote_ident(k.conname), pg_get_constraintdef(k.oid)
                from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
                where k.contype = 'f' and k.conparentid = 0
                    and exists (select from pg_class h where h.relnamespace = n.oid and h.relname = 'migrations')
                order by 1, 2""");
        for (String[] key : keys) {
            execute(connection, "alter table " + key[0] + " drop constraint " + key[1]);
        }
        return keys.stream()
                .map(key -> "alter table " + key[0] + " add constraint " + key[1] + " " + key[2])
                .toList();
    }

    private static void eachOf(Set<Table> tables, String change, Connection connection) throws SQLException {
        for (Table table : tables) {
            execute(connection, "alter table " + table.quoted() + " " + change);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws SQLException {
        return source().getConnection();
    }

    private DataSource source() {
        return address.dataSource(
                "messagerie:restore",
                Duration.ZERO,
                "-c search_path=pg_catalog -c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c jit=off");
    }
}
