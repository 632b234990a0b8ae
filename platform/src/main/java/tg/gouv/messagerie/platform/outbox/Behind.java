package tg.gouv.messagerie.platform.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;

/** A message behind the first of its key, and whether it may be claimed with it. */
record Behind(Seen seen, boolean ready) {
    static Behind read(ResultSet row) throws SQLException {
        return new Behind(Seen.read(row), row.getBoolean(4));
    }
}
