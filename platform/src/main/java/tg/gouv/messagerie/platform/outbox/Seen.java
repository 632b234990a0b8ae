package tg.gouv.messagerie.platform.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A message that a claim looks at. */
record Seen(String made, long number, @Nullable String key) {
    static Seen read(ResultSet row) throws SQLException {
        return new Seen(row.getString(1), row.getLong(2), row.getString(3));
    }
}
