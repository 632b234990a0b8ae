package tg.gouv.messagerie.platform.database;

import java.sql.SQLException;
import java.util.Set;

/**
 * What kind of failure PostgreSQL reports: five characters, of which two are the class (PostgreSQL, appendix A).
 *
 * @param code empty when the failure did not come from PostgreSQL
 */
record SqlState(String code) {
    /** Out of reach, resources exhausted, an operating system's error. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "53");

    private static final Set<String> PASSING = Set.of(
            "40001", // another transaction was first
            "40P01", // deadlock
            "55P03", // a lock was not to be had
            "57014", // statement_timeout
            "57P01", // the server is going down
            "57P02", // the server crashed
            "57P03", // the server is starting
            "57P05", // idle too long
            "25P03", // idle too long inside a transaction
            "25006"); // a standby answers: the primary is changing

    /** The state of a failure or, when the pool reports it, of what is below. */
    static SqlState of(SQLException failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql && sql.getSQLState() != null) {
                return new SqlState(sql.getSQLState());
            }
        }
        return new SqlState("");
    }

    /** Whether the same statement may succeed later without anybody changing anything. */
    boolean passes() {
        return PASSING.contains(code) || (code.length() == 5 && PASSING_CLASSES.contains(code.substring(0, 2)));
    }

    /** Whether PostgreSQL's disk is full. */
    boolean isDiskFull() {
        return code.equals("53100");
    }

    /** Whether PostgreSQL refused who signed in. */
    boolean isPasswordRefused() {
        return code.startsWith("28");
    }

    /** Whether the database named does not exist. */
    boolean isDatabaseMissing() {
        return code.equals("3D000");
    }
}
