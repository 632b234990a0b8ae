package tg.gouv.messagerie.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What PostgreSQL's catalogue says of our schemas: those that have a history of migrations. */
final class Catalogue {
    private static final String OURS = """
            n.nspname in (select h.nspname from pg_class t join pg_namespace h on h.oid = t.relnamespace
                          where t.relname = 'migrations' and t.relkind = 'r' and exists (
                              select from pg_attribute a where a.attrelid = t.oid and a.attname = 'installed_rank'))
            """;

    private Catalogue() {}

    /** A table and whether it consists of parts, which come and go. */
    record Found(Table table, boolean inParts, long bytes) {}

    /** Every table of our schemas, in the order of their names; a part belongs to the table it is a part of. */
    static List<Found> tables(Connection connection) throws SQLException {
        return Sql.query(
                connection,
                row -> new Found(
                        new Table(row.getString(1), row.getString(2), List.of((String[])
                                row.getArray(3).getArray())),
                        row.getBoolean(4),
                        row.getLong(5)),
                """
                select n.nspname, c.relname, columns.names, c.relkind = 'p',
                    case c.relkind when 'p' then
                        (select coalesce(sum(pg_table_size(relid)), 0) from pg_partition_tree(c.oid) where isleaf)
                    else pg_table_size(c.oid) end
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    cross join lateral (
                        select coalesce(array_agg(a.attname::text order by a.attnum), '{}') names from pg_attribute a
                        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') columns
                where c.relkind in ('r', 'p') and not c.relispartition and\s""" + OURS + " order by 1, 2");
    }

    /** Every sequence of our schemas, as far as it has come now: a sequence knows no snapshot. */
    static List<SequenceState> sequences(Connection connection) throws SQLException {
        List<SequenceState> states = new ArrayList<>();
        for (Table sequence : Sql.query(
                connection,
                row -> new Table(row.getString(1), row.getString(2), List.of()),
                "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " where c.relkind = 'S' and " + OURS + " order by 1, 2")) {
            states.add(Sql.first(
                            connection,
                            row -> new SequenceState(
                                    sequence.schema(), sequence.name(), row.getLong(1), row.getBoolean(2)),
                            "select last_value, is_called from " + sequence.quoted())
                    .orElseThrow());
        }
        return states;
    }

    /** The names of our schemas, in their order. */
    static List<String> schemas(Connection connection) throws SQLException {
        return Sql.query(
                connection,
                row -> row.getString(1),
                "select n.nspname from pg_namespace n where " + OURS + " order by 1");
    }

    /** Which migrations made each of our schemas, in the order of the schemas' names. */
    static List<SchemaVersion> versions(Connection connection) throws SQLException {
        Map<String, List<SchemaVersion.Step>> versions = new TreeMap<>();
        for (String schema : schemas(connection)) {
            List<SchemaVersion.Step> steps = Sql.query(
                    connection,
                    row -> new SchemaVersion.Step(row.getString(1), row.getInt(2)),
                    "select version, checksum from " + Table.quoted(schema)
                            + ".migrations where version is not null and success order by installed_rank");
            if (!steps.isEmpty()) {
                versions.put(schema, steps);
            }
        }
        return versions.entrySet().stream()
                .map(each -> new SchemaVersion(each.getKey(), each.getValue()))
                .toList();
    }

    /** The first of our tables that has a row, the histories of migrations aside; empty if none has. */
    static List<Table> filled(Connection connection) throws SQLException {
        for (Found each : tables(connection)) {
            if (!each.table().name().equals("migrations")
                    && Sql.first(
                                    connection,
                                    row -> true,
                                    "select 1 from " + each.table().quoted() + " limit 1")
                            .isPresent()) {
                return List.of(each.table());
            }
        }
        return List.of();
    }
}
