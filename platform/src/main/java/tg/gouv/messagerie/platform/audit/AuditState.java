package tg.gouv.messagerie.platform.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * How the trail was when it was looked at last.
 *
 * @param at when that was
 * @param sealed how many rows are in the chain
 * @param unsealed how many rows wait for their seal
 * @param oldestUnsealed for how long the oldest of them has waited
 * @param unsentHeads how many heads no place outside has yet; 0 if no place is named
 * @param oldestUnsent for how long the oldest of them has waited
 */
public record AuditState(
        Instant at, long sealed, long unsealed, Duration oldestUnsealed, long unsentHeads, Duration oldestUnsent) {

    /** Looks at the trail. */
    static AuditState read(Connection connection, Instant at, Optional<String> sink) throws SQLException {
        AuditState rows = Sql.first(
                        connection,
                        row -> new AuditState(
                                at, row.getLong(1), row.getLong(2), seconds(row.getDouble(3)), 0, Duration.ZERO),
                        """
                        select coalesce((select last_number from audit_chain), 0), count(*),
                            coalesce(extract(epoch from clock_timestamp() - min(recorded)), 0)
                        from audit_pending
                        """)
                .orElseThrow();
        if (sink.isEmpty()) {
            return rows;
        }
        return Sql.first(
                        connection,
                        row -> new AuditState(
                                at,
                                rows.sealed,
                                rows.unsealed,
                                rows.oldestUnsealed,
                                row.getLong(1),
                                seconds(row.getDouble(2))),
                        """
                        select count(*), coalesce(extract(epoch from clock_timestamp() - min(signed)), 0) from audit_head
                        where number > coalesce((select last_number from audit_sink where name = ?), 0)
                        """,
                        sink.get())
                .orElseThrow();
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.max(0, Math.round(seconds * 1_000)));
    }
}
