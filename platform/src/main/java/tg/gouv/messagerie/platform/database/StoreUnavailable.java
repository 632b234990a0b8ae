package tg.gouv.messagerie.platform.database;

import java.sql.SQLException;
import java.sql.SQLTransientException;

/**
 * PostgreSQL did not do what was asked: it was out of reach, too slow, or refused the statement.
 *
 * <p>The transaction was rolled back; nothing of it was written, unless the connection was lost during the commit itself.
 */
public final class StoreUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean worthRetrying;
    private final boolean full;

    /**
     * Says what happened.
     *
     * @param operator what happened, for the operator; carries no secret and no content
     * @param worthRetrying whether the same act may succeed later without anybody changing anything
     */
    public StoreUnavailable(String operator, boolean worthRetrying) {
        super(operator);
        this.worthRetrying = worthRetrying;
        this.full = false;
    }

    /** Says what happened, and because of what. */
    public StoreUnavailable(String operator, boolean worthRetrying, Throwable cause) {
        this(operator, worthRetrying, false, cause);
    }

    private StoreUnavailable(String operator, boolean worthRetrying, boolean full, Throwable cause) {
        super(operator, cause);
        this.worthRetrying = worthRetrying;
        this.full = full;
    }

    /** A statement or connection of a role that failed. */
    static StoreUnavailable of(String role, SQLException failure) {
        SqlState state = SqlState.of(failure);
        return new StoreUnavailable(
                "PostgreSQL, role " + role + ", SQLSTATE " + (state.code().isEmpty() ? "none" : state.code()) + ": "
                        + failure.getMessage(),
                state.passes() || failure instanceof SQLTransientException, // the pool had none to give
                state.isDiskFull(),
                failure);
    }

    /** Whether PostgreSQL's disk is full: nothing can be written until there is room, everything can be read. */
    public boolean isFull() {
        return full;
    }

    /** Whether the same act may succeed later without anybody changing anything. */
    public boolean worthRetrying() {
        return worthRetrying;
    }
}
