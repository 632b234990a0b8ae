package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import tg.gouv.messagerie.directory.postgres.GrantRows.Scope;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * Where somebody may do something now.
 *
 * @param isEverywhere whether that is the whole State
 * @param entities those of the part, and those below them
 */
record PartOf(boolean isEverywhere, List<UUID> entities) {
    PartOf {
        entities = List.copyOf(entities);
    }

    /** The whole State. */
    static final PartOf EVERYWHERE = new PartOf(true, List.of());

    /**
     * Where an account has grants that serve.
     *
     * @param wanted which of them
     */
    static PartOf where(Connection connection, UUID account, OffsetDateTime now, Predicate<Scope> wanted)
            throws SQLException {
        List<Scope> scopes = GrantRows.heldBy(connection, account, now).stream()
                .filter(wanted)
                .toList();
        if (scopes.stream().anyMatch(scope -> scope.entity() == null)) {
            return EVERYWHERE;
        }
        UUID[] roots = scopes.stream()
                .map(Scope::entity)
                .filter(Objects::nonNull)
                .distinct()
                .toArray(UUID[]::new);
        return new PartOf(false, below(connection, roots));
    }

    /** Whether it is no part at all. */
    boolean isNowhere() {
        return !isEverywhere && entities.isEmpty();
    }

    /** The ids, as a parameter of a query. */
    UUID[] ids() {
        return entities.toArray(UUID[]::new);
    }

    private static List<UUID> below(Connection connection, UUID[] roots) throws SQLException {
        return roots.length == 0
                ? List.of()
                : Sql.query(connection, row -> row.getObject(1, UUID.class), """
                        with recursive part(id) as (
                            select id from entity where id = any(?)
                            union select e.id from entity e join part on e.parent_id = part.id)
                        select id from part
                        """, (Object) roots);
    }
}
