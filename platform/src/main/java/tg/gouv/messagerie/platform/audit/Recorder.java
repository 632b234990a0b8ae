package tg.gouv.messagerie.platform.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.Sql;

/** Writes rows where the sealer finds them. */
final class Recorder {
    /** A statement for so many rows at once. */
    private static final int ROWS_MAX = 1_000;

    private static final String INSERT = """
            insert into platform.audit_pending(id, format, began, ended, times, act, actor, on_behalf_of, subject,
                counterpart, network, protocol, outcome)
            select * from unnest(?::uuid[], ?::smallint[], ?::timestamptz[], ?::timestamptz[], ?::bigint[], ?::text[],
                ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
            """;

    private Recorder() {}

    /** Writes rows in the transaction of a connection of any schema. */
    static void write(Connection connection, List<Row> rows) throws SQLException {
        for (int from = 0; from < rows.size(); from += ROWS_MAX) {
            insert(connection, rows.subList(from, Math.min(rows.size(), from + ROWS_MAX)));
        }
    }

    private static void insert(Connection connection, List<Row> rows) throws SQLException {
        Sql.update(
                connection,
                INSERT,
                column(rows, row -> row.id().toString()),
                column(rows, row -> Integer.toString(row.format())),
                column(rows, row -> row.began().toString()),
                column(rows, row -> row.ended().toString()),
                column(rows, row -> Long.toString(row.times())),
                column(rows, row -> row.facts().act()),
                column(rows, row -> row.facts().actor()),
                column(rows, row -> row.facts().onBehalfOf()),
                column(rows, row -> row.facts().subject()),
                column(rows, row -> row.facts().counterpart()),
                column(rows, row -> row.facts().network()),
                column(rows, row -> row.facts().protocol()),
                column(rows, row -> row.facts().outcome()));
    }

    private static @Nullable String[] column(List<Row> rows, Function<Row, @Nullable String> value) {
        @Nullable String[] column = new @Nullable String[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        return column;
    }
}
