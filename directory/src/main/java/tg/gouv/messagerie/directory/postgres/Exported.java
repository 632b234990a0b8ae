package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tg.gouv.messagerie.directory.imports.CsvText;
import tg.gouv.messagerie.directory.imports.Imports.Kind;
import tg.gouv.messagerie.directory.imports.PersonColumn;
import tg.gouv.messagerie.directory.imports.StructureFile;
import tg.gouv.messagerie.platform.database.Sql;

/** What there is, as files that can be imported again. */
record Exported(Connection connection, Instant now) {
    private static final int AT_ONCE = 2_000;

    private static final List<String> PERSON = List.of(
            PersonColumn.NUMBER.title(),
            PersonColumn.GIVEN.title(),
            PersonColumn.FAMILY.title(),
            PersonColumn.ENTITY.title(),
            PersonColumn.POSITIONS.title(),
            PersonColumn.LANGUAGE.title(),
            PersonColumn.ADDRESS.title(),
            PersonColumn.ALIASES.title(),
            PersonColumn.STATE.title(),
            "anciennes-adresses");

    private static final String PEOPLE = """
                select p.registration_number, p.given_name, p.family_name, coalesce(e.code, ''),
                    (select string_agg(o.code || '=' || %s || coalesce('/' || %s, ''), ' ' order by o.code, s.starts)
                        from assignment s join position o on o.id = s.position_id
                        where s.person_id = p.id and (s.ends is null or s.ends > ?)),
                    p.language, d.address,
                    (select string_agg(x.address, ' ' order by x.address) from address x
                        where x.account_id = a.id and x.role = 'alias'),
                    a.state,
                    (select string_agg(x.address, ' ' order by x.address) from address x
                        where x.account_id = a.id and x.role = 'former')
                from person p join account a on a.id = p.account_id left join entity e on e.id = p.entity_id
                    left join address d on d.account_id = a.id and d.role = 'primary'
                where p.registration_number is not null order by p.registration_number collate "C"
                """.formatted(moment("s.starts"), moment("s.ends"));

    private static final String ENTITIES = """
            select e.code, e.name, above.code, r.rule from entity e left join entity above on above.id = e.parent_id
                left join address_rule r on r.entity_id = e.id
            order by e.code collate "C"
            """;

    private static final String POSITIONS = """
            select p.code, p.title, e.code from position p join entity e on e.id = p.entity_id order by p.code collate "C"
            """;

    /** Reads one kind, in a transaction, and returns how many there are. */
    long read(Kind kind, Consumer<String> lines) throws SQLException {
        return switch (kind) {
            case PEOPLE -> rows(lines, PERSON, PEOPLE, Times.of(now));
            case ENTITIES -> rows(lines, titles(kind), ENTITIES);
            case POSITIONS -> rows(lines, titles(kind), POSITIONS);
        };
    }

    private static List<String> titles(Kind kind) {
        return StructureFile.columns(kind).stream()
                .map(StructureFile.Column::title)
                .toList();
    }

    private long rows(Consumer<String> lines, List<String> titles, String question, Object... parameters)
            throws SQLException {
        lines.accept(CsvText.row(titles, ';'));
        long count = 0;
        try (PreparedStatement statement = Sql.prepare(connection, question, parameters)) {
            statement.setFetchSize(AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    List<String> cells = new ArrayList<>();
                    for (int i = 1; i <= titles.size(); i++) {
                        String cell = rows.getString(i);
                        cells.add(cell == null ? "" : cell);
                    }
                    lines.accept(CsvText.row(cells, ';'));
                    count++;
                }
            }
        }
        return count;
    }

    /** A day where it is one in UTC, else a moment: as it is read again. */
    private static String moment(String column) {
        String utc = column + " at time zone 'UTC'";
        return "case when date_trunc('day', " + utc + ") = " + utc + " then to_char(" + utc
                + ", 'YYYY-MM-DD') else to_char(" + utc + ", 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') end";
    }
}
