package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import tg.gouv.messagerie.platform.database.Sql;

/** The tree of entities. */
final class Tree {
    private Tree() {}

    /** An entity and those above it. */
    static List<UUID> above(Connection connection, UUID entity) throws SQLException {
        return Sql.query(connection, row -> row.getObject(1, UUID.class), """
                with recursive up(id, parent_id) as (
                    select id, parent_id from entity where id = ?
                    union select e.id, e.parent_id from entity e join up on e.id = up.parent_id)
                select id from up
                """, entity);
    }

    /** An entity and those below it. */
    static List<UUID> below(Connection connection, UUID entity) throws SQLException {
        return Sql.query(connection, row -> row.getObject(1, UUID.class), """
                with recursive part(id) as (
                    select id from entity where id = ? union select e.id from entity e join part on e.parent_id = part.id)
                select id from part
                """, entity);
    }
}
