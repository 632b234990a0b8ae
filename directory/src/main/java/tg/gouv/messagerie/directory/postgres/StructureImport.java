package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.imports.AddressRule;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.Imports.Kind;
import tg.gouv.messagerie.directory.imports.StructureFile;
import tg.gouv.messagerie.directory.imports.StructurePlan;
import tg.gouv.messagerie.directory.imports.StructurePlan.Change;
import tg.gouv.messagerie.directory.imports.StructurePlan.Known;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.platform.database.Sql;

/** Entities or positions, many at once: what is there, what an import writes, and what it replaced. All of it in one transaction. */
record StructureImport(Write write, Kind kind) {
    private static final String ENTITIES = """
            select e.id, e.code, jsonb_build_object('name', e.name, 'of', e.parent_id, 'rule', r.rule) as image
            from entity e left join address_rule r on r.entity_id = e.id
            """;

    private static final String POSITIONS = """
            select p.id, p.code, jsonb_build_object('name', p.title, 'of', p.entity_id) as image from position p
            """;

    private static final int NAMED_MAX = 10;

    /** Compares a file with the directory. */
    StructurePlan plan(StructureFile file) throws SQLException {
        Map<String, Known> entities = known("""
                select e.code, e.name, p.code, r.rule from entity e left join entity p on p.id = e.parent_id
                    left join address_rule r on r.entity_id = e.id
                """);
        Map<String, Known> present = kind == Kind.ENTITIES
                ? entities
                : known("select p.code, p.title, e.code, null from position p join entity e on e.id = p.entity_id");
        Set<String> domains =
                new HashSet<>(Sql.query(write.connection(), row -> row.getString(1), "select name from domain"));
        return StructurePlan.of(file, present, entities, domains);
    }

    private Map<String, Known> known(String question) throws SQLException {
        Map<String, Known> known = new HashMap<>();
        Sql.query(
                write.connection(),
                row -> known.put(
                        row.getString(1), new Known(row.getString(2), text(row.getString(3)), text(row.getString(4)))),
                question);
        return known;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Writes all changes, each judged as the act that it is, and keeps what they replace. */
    void write(UUID importId, List<Change> changes, AuditedRows rows) throws SQLException {
        String[] codes = changes.stream().map(Change::code).toArray(String[]::new);
        write.update(
                "insert into import_structure(import_id, id, before, after) select ?, i.id, i.image, '' from ("
                        + images() + ") i where i.code = any(?)",
                importId,
                codes);
        for (Change each : changes) {
            Known after = each.after();
            if (kind == Kind.POSITIONS) {
                rows.position(new Position(new PositionCode(each.code()), after.name(), new EntityCode(after.of())));
            } else {
                EntityCode code = new EntityCode(each.code());
                rows.entity(new Entity(
                        code,
                        after.name(),
                        after.of().isEmpty() ? Optional.empty() : Optional.of(new EntityCode(after.of()))));
                rows.addressRule(
                        code, after.rule().isEmpty() ? Optional.empty() : Optional.of(AddressRule.parse(after.rule())));
            }
        }
        write.update(
                "insert into import_structure(import_id, id, before, after) select ?, i.id, null, "
                        + ImportedPeople.DIGEST + " from (" + images()
                        + ") i where i.code = any(?) on conflict (import_id, id) do update set after = excluded.after",
                importId,
                codes);
    }

    /**
     * Gives back what was before.
     *
     * @return the ids concerned
     * @throws ImportRefused if somebody has changed them since, or something hangs on what is to go; the transaction must be undone then
     */
    List<UUID> giveBack(UUID importId) throws SQLException {
        List<String> changed = Sql.query(
                write.connection(),
                row -> row.getString(1),
                "select coalesce(i.code, c.id::text) from import_structure c left join (" + images()
                        + ") i on i.id = c.id where c.import_id = ? and (i.image is null or c.after <> "
                        + ImportedPeople.DIGEST + ") order by 1 limit ?",
                importId,
                NAMED_MAX + 1);
        if (!changed.isEmpty()) {
            throw new ImportRefused(ImportRefused.Reason.CHANGED_SINCE, importId, String.join(", ", changed));
        }
        List<UUID> all = new ArrayList<>(Sql.query(
                write.connection(),
                row -> row.getObject(1, UUID.class),
                "select id from import_structure where import_id = ? order by id",
                importId));
        if (kind == Kind.POSITIONS) {
            write.update("""
                    update position p set title = c.before ->> 'name', entity_id = (c.before ->> 'of')::uuid
                    from import_structure c where c.import_id = ? and c.id = p.id and c.before is not null
                    """, importId);
            remove("position", importId);
        } else {
            write.update("""
                    update entity e set name = c.before ->> 'name', parent_id = (c.before ->> 'of')::uuid
                    from import_structure c where c.import_id = ? and c.id = e.id and c.before is not null
                    """, importId);
            write.update(
                    "delete from address_rule r using import_structure c where c.import_id = ? and c.id = r.entity_id",
                    importId);
            write.update("""
                    insert into address_rule(entity_id, rule) select c.id, c.before ->> 'rule' from import_structure c
                    where c.import_id = ? and c.before ->> 'rule' is not null
                    """, importId);
            remove("entity", importId);
        }
        return all;
    }

    private void remove(String table, UUID importId) throws SQLException {
        try {
            write.update(
                    "delete from " + table + " t using import_structure c"
                            + " where c.import_id = ? and c.id = t.id and c.before is null",
                    importId);
        } catch (SQLException e) {
            if ("23503".equals(e.getSQLState())) {
                throw new ImportRefused(ImportRefused.Reason.IN_USE, importId);
            }
            throw e;
        }
    }

    private String images() {
        return kind == Kind.ENTITIES ? ENTITIES : POSITIONS;
    }
}
