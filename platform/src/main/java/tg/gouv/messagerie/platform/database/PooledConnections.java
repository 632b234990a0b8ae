package tg.gouv.messagerie.platform.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Savepoint;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/*
 * A thread that wants a connection first passes the semaphore, which has as many permits as the pool has connections: so
 * the pool never makes anybody wait except for a connection that is being opened. The connection lives inside one
 * call; nobody can keep it.
 */
/** The connections of one role, from a pool. */
final class PooledConnections implements Connections, AutoCloseable {
    private static final ScopedValue<Held> HELD = ScopedValue.newInstance();

    /** How long the pool tries to open a connection before it is asked again; it is also its longest pause between tries. */
    private static final long OPENING_MILLIS = 2_000;

    private final String role;
    private final String schema;
    private final int most;
    private final long acquireNanos;
    private final int waitingMax;
    private final Semaphore admission;
    private final AtomicInteger waiting = new AtomicInteger();
    private final HikariDataSource pool;

    PooledConnections(String role, String schema, DataSource source, int most, DatabaseSettings settings) {
        this.role = role;
        this.schema = schema;
        this.most = most;
        this.acquireNanos = settings.acquireTimeout().toNanos();
        this.waitingMax = settings.waitingMax();
        this.admission = new Semaphore(most, true);
        HikariConfig config = new HikariConfig();
        config.setPoolName(role);
        config.setDataSource(source);
        config.setMaximumPoolSize(most);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(OPENING_MILLIS);
        config.setValidationTimeout(OPENING_MILLIS);
        config.setInitializationFailTimeout(-1); // the first borrower learns what is wrong, the start does not wait
        if (most > 1) {
            config.setIdleTimeout(TimeUnit.MINUTES.toMillis(5));
        }
        this.pool = new HikariDataSource(config);
    }

    @Override
    public <T, X extends Exception> T autoCommit(Work<T, X> work) throws X {
        if (HELD.isBound()) {
            return part(HELD.get(), work);
        }
        long deadline = System.nanoTime() + acquireNanos;
        admit();
        try {
            return ScopedValue.where(HELD, new Held(role, schema, null)).call(() -> onConnection(work, deadline));
        } finally {
            admission.release();
        }
    }

    @Override
    public <T, X extends Exception> T transaction(Work<T, X> work) throws X {
        if (HELD.isBound()) {
            return part(HELD.get(), work);
        }
        AfterCommit after = new AfterCommit();
        T done = after.<T, X>during(() -> autoCommit(connection -> {
            connection.setAutoCommit(false); // the pool turns it on again, and rolls back whatever was left open
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } catch (Throwable failure) {
                rollBack(connection, failure);
                throw failure;
            }
        }));
        after.committed();
        return done;
    }

    @Override
    public <T, X extends Exception> T together(Work<T, X> work) throws X {
        return transaction(connection ->
                ScopedValue.where(HELD, new Held(role, schema, connection)).<T, X>call(() -> told(connection, work)));
    }

    /** Runs the work as a part of the transaction that this thread is in, if that takes parts. */
    private <T, X extends Exception> T part(Held held, Work<T, X> work) throws X {
        Connection whole = held.whole();
        if (whole == null || !held.schema().equals(schema)) {
            throw new IllegalStateException("a thread that holds a connection of role " + held.role()
                    + " may not ask for another, of role " + role);
        }
        AfterCommit after = new AfterCommit();
        T done = after.<T, X>during(
                () -> ScopedValue.where(HELD, new Held(role, schema, null)).<T, X>call(() -> onSavepoint(whole, work)));
        AfterCommit.run(after::committed);
        return done;
    }

    private <T, X extends Exception> T told(Connection connection, Work<T, X> work) throws X {
        try {
            return work.on(connection);
        } catch (SQLException e) {
            throw StoreUnavailable.of(role, e);
        }
    }

    private <T, X extends Exception> T onSavepoint(Connection whole, Work<T, X> work) throws X {
        try {
            Savepoint before = whole.setSavepoint();
            try {
                T result = work.on(whole);
                whole.releaseSavepoint(before);
                return result;
            } catch (Throwable failure) {
                whole.rollback(before);
                throw failure;
            }
        } catch (SQLException e) {
            throw StoreUnavailable.of(role, e);
        }
    }

    PoolUse use() {
        var state = pool.getHikariPoolMXBean();
        return new PoolUse(role, state.getActiveConnections(), state.getIdleConnections(), waiting.get(), most);
    }

    @Override
    public void close() {
        pool.close();
    }

    private <T, X extends Exception> T onConnection(Work<T, X> work, long deadline) throws X {
        try (Connection connection = open(deadline)) {
            return work.on(connection);
        } catch (SQLException e) {
            throw StoreUnavailable.of(role, e);
        }
    }

    private void admit() {
        if (admission.tryAcquire()) {
            return;
        }
        if (waiting.incrementAndGet() > waitingMax) {
            waiting.decrementAndGet();
            throw new StoreUnavailable(
                    "PostgreSQL connections of role " + role + ": " + waitingMax
                            + " operations wait already (database.waiting-max)",
                    true);
        }
        try {
            if (!admission.tryAcquire(acquireNanos, TimeUnit.NANOSECONDS)) {
                throw new StoreUnavailable(
                        "PostgreSQL connections of role " + role + ": all " + most + " in use for "
                                + TimeUnit.NANOSECONDS.toMillis(acquireNanos) + " ms (database.acquire-timeout)",
                        true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("PostgreSQL connections of role " + role + ": interrupted while waiting", true);
        } finally {
            waiting.decrementAndGet();
        }
    }

    private Connection open(long deadline) throws SQLException {
        while (true) {
            try {
                return pool.getConnection();
            } catch (SQLTransientConnectionException e) {
                if (System.nanoTime() > deadline || !pool.isRunning()) {
                    throw e;
                }
            }
        }
    }

    /**
     * What a thread holds.
     *
     * @param whole the connection, if others of this schema may join its transaction
     */
    private record Held(
            String role, String schema, @Nullable Connection whole) {}

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e); // the connection is lost, and the transaction with it
        }
    }
}
