package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;

/** The transaction in which an act writes the directory: while it lasts, nobody else does. */
record Write(Connection connection, Instant now, Uuid7 ids) {
    /** Ours among the advisory locks of the database; any number nobody else uses. */
    private static final long LOCK = 0x6469_7265_6374_6f72L;

    /** Waits until every other act is committed or undone. */
    void begin() throws SQLException {
        Sql.first(connection, row -> true, "select pg_advisory_xact_lock(?)", LOCK);
    }

    OffsetDateTime time() {
        return Times.of(now);
    }

    UUID newId() {
        return ids.next();
    }

    /** The first column of the first row. */
    Optional<UUID> id(String sql, @Nullable Object... parameters) throws SQLException {
        return Sql.first(connection, row -> row.getObject(1, UUID.class), sql, parameters);
    }

    /** Whether the statement changed a row. */
    boolean update(String sql, @Nullable Object... parameters) throws SQLException {
        return Sql.update(connection, sql, parameters) > 0;
    }
}
