package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.mail.filters.FilterText;
import tg.gouv.messagerie.platform.database.Sql;

/** The script of an account that runs. */
record ActiveFilter(String name, FilterText text) {
    static Optional<ActiveFilter> of(Connection c, UUID owner) throws SQLException {
        return Sql.first(
                c,
                row -> new ActiveFilter(row.getString(1), text(row.getBytes(2))),
                "select name, content from sieve_script where owner_id = ? and activated is not null",
                owner);
    }

    static FilterText text(byte[] content) {
        return new FilterText(new String(content, StandardCharsets.UTF_8));
    }
}
