package tg.gouv.messagerie.platform.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.platform.database.Sql;

/** The chain of a database: its id, and the last row it has come to; 0 before the first. */
record Chain(UUID id, long number, Link link) {
    /** Begins the chain of a database that has none. */
    static void begin(Connection connection, UUID id) throws SQLException {
        Sql.update(
                connection,
                "insert into audit_chain(id, begun, last_number, last_link)"
                        + " values (?, clock_timestamp(), 0, decode(?, 'hex')) on conflict (the_only) do nothing",
                id,
                Link.first(id).hex());
    }

    /** The database's chain, as the sealer left it. */
    static Optional<Chain> of(Connection connection) throws SQLException {
        return Sql.first(
                connection,
                row -> new Chain(row.getObject(1, UUID.class), row.getLong(2), new Link(row.getString(3))),
                "select id, last_number, encode(last_link, 'hex') from audit_chain");
    }

    /** The chain with one more row. */
    Chain with(Row row) {
        return new Chain(id, number + 1, link.next(number + 1, row));
    }
}
