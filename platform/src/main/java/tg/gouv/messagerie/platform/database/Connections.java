package tg.gouv.messagerie.platform.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The connections of one role, such as « mail » or « sign-in »: at most a set number at once, the others wait their turn.
 *
 * <p>May be called from any thread that may block. A thread that already holds a connection may not ask for another
 * (two such threads could wait for each other for ever): that is our error and an {@link IllegalStateException}.
 */
public interface Connections {
    /**
     * What is done on a connection, which belongs to it until it returns.
     *
     * <p>A failure of SQL that it expects, such as a key that is taken (SQLSTATE 23505), it catches itself; inside a
     * transaction PostgreSQL then refuses every further statement, so {@code on conflict} or a savepoint is the way there.
     * Any other {@link SQLException} ends the work and becomes {@link StoreUnavailable}.
     */
    @FunctionalInterface
    interface Work<T, X extends Exception> {
        T on(Connection connection) throws SQLException, X;
    }

    /**
     * Runs each statement of the work as its own transaction; for one statement, the cheapest way.
     *
     * @throws StoreUnavailable if no connection is free in time or PostgreSQL fails
     */
    <T, X extends Exception> T autoCommit(Work<T, X> work) throws X;

    /**
     * Runs the work as one transaction: durable when this returns, undone when it throws.
     *
     * @throws StoreUnavailable if no connection is free in time or PostgreSQL fails
     */
    <T, X extends Exception> T transaction(Work<T, X> work) throws X;

    /**
     * Runs the work as one transaction, of which everything is a part that the work asks of connections of the same schema, whatever
     * their role: durable together when this returns, undone together when it throws. A part that throws is undone by itself; who
     * catches what it threw keeps the others.
     *
     * @throws StoreUnavailable if no connection is free in time or PostgreSQL fails
     */
    <T, X extends Exception> T together(Work<T, X> work) throws X;
}
