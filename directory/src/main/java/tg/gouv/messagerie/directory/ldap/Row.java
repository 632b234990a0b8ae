package tg.gouv.messagerie.directory.ldap;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * An entry as the tables have it.
 *
 * @param parent the id of the entry above; 0 for the base
 * @param source of what it is the projection; empty if it lives in the tree alone
 * @param dn without the base
 */
record Row(
        long id,
        long parent,
        UUID uuid,
        Optional<String> source,
        String path,
        String dn,
        Map<String, List<String>> attributes,
        Instant created,
        Instant changed) {
    /** What a query selects of {@code ldap_entry e}. */
    static final String COLUMNS =
            "e.id, coalesce(e.parent_id, 0), e.entry_uuid, e.source, e.path, e.dn, e.attrs::text, e.created, e.changed";

    static Row read(ResultSet row, Base base) throws SQLException {
        String path = row.getString(5);
        return new Row(
                row.getLong(1),
                row.getLong(2),
                row.getObject(3, UUID.class),
                Optional.ofNullable(row.getString(4)),
                path,
                row.getString(6),
                path.isEmpty() ? base.attributes() : Json.read(row.getString(7)),
                row.getObject(8, OffsetDateTime.class).toInstant(),
                row.getObject(9, OffsetDateTime.class).toInstant());
    }

    /** The values of an attribute, by its name in the schema. */
    List<String> values(String name) {
        List<String> exact = attributes.get(name);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, List<String>> each : attributes.entrySet()) {
            if (each.getKey().equalsIgnoreCase(name)) {
                return each.getValue();
            }
        }
        return List.of();
    }
}
