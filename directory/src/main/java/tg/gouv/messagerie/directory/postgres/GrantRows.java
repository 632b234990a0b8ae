package tg.gouv.messagerie.directory.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.database.Sql;

/** Grants as the table {@code right_grant} has them, for whoever judges. */
final class GrantRows {
    /**
     * Whether the grant of the alias {@code g} and all by which it was given serve: three parameters, the
     * instant at which the grant must have begun, and now twice.
     */
    static final String SERVES = """
        not exists (
            with recursive chain(under, over) as (
                select g.under, g.revoked is not null or g.starts > ?::timestamptz or coalesce(g.ends <= ?::timestamptz, false)
                union all
                select up.under, up.revoked is not null or coalesce(up.ends <= ?::timestamptz, false)
                from chain join right_grant up on up.id = chain.under
            )
            select from chain where over
        )""";

    /** An instant at which whatever was given has begun. */
    private static final OffsetDateTime END_OF_TIME = OffsetDateTime.parse("9999-12-31T00:00:00Z");

    private GrantRows() {}

    /**
     * Rights in a part.
     *
     * @param entity the part's, null for the whole State
     */
    record Scope(
            UUID grant,
            Set<Right> rights,
            @Nullable UUID entity,
            @Nullable OffsetDateTime ends) {
        Scope {
            rights = Set.copyOf(rights);
        }

        static Scope read(ResultSet row) throws SQLException {
            return new Scope(
                    row.getObject(1, UUID.class),
                    GrantRows.rights(row.getArray(2)),
                    row.getObject(3, UUID.class),
                    row.getObject(4, OffsetDateTime.class));
        }
    }

    /** What an account that is active may do now. */
    static List<Scope> heldBy(Connection connection, UUID account, OffsetDateTime now) throws SQLException {
        return Sql.query(
                connection, Scope::read, """
                select g.id, g.rights, g.entity_id, g.ends from right_grant g
                where (g.account_id = ?::uuid or g.position_id in (
                        select held.position_id from person p join assignment held on held.person_id = p.id
                        where p.account_id = ?::uuid and held.starts <= ?::timestamptz and (held.ends is null or held.ends > ?::timestamptz)))
                    and exists (select from account a where a.id = ?::uuid and a.state = 'active')
                    and %s
                order by g.id limit 1000
                """.formatted(SERVES), account, account, now, now, account, now, now, now);
    }

    /**
     * Whether an account may do anything now, for a query that has both.
     *
     * @param account its id
     * @param now the moment
     */
    static String holdsAny(String account, String now) {
        return """
            (exists (select from right_grant g where g.account_id = %1$s and %3$s)
                or exists (select from person p join assignment held on held.person_id = p.id
                    join right_grant g on g.position_id = held.position_id
                    where p.account_id = %1$s and held.starts <= %2$s and (held.ends is null or held.ends > %2$s) and %3$s))\
            """.formatted(account, now, SERVES.replace("?::timestamptz", now));
    }

    /** What an account may do, and what it will: grants and positions that are not over, whatever its state. */
    static List<Scope> of(Connection connection, UUID account, OffsetDateTime now) throws SQLException {
        return Sql.query(connection, Scope::read, """
                select g.id, g.rights, g.entity_id, g.ends from right_grant g
                where (g.account_id = ? or g.position_id in (
                        select held.position_id from person p join assignment held on held.person_id = p.id
                        where p.account_id = ? and (held.ends is null or held.ends > ?)))
                    and %s
                """.formatted(SERVES), account, account, now, END_OF_TIME, now, now);
    }

    /** What the holders of a position may do, and what they will. */
    static List<Scope> ofPosition(Connection connection, UUID position, OffsetDateTime now) throws SQLException {
        return Sql.query(connection, Scope::read, """
                select g.id, g.rights, g.entity_id, g.ends from right_grant g where g.position_id = ? and %s
                """.formatted(SERVES), position, END_OF_TIME, now, now);
    }

    /** Every grant in one of these entities that serves, or will: who has a right in a part has it in what comes into it. */
    static List<Scope> in(Connection connection, Collection<UUID> entities, OffsetDateTime now) throws SQLException {
        return Sql.query(
                connection, Scope::read, """
                select g.id, g.rights, g.entity_id, g.ends from right_grant g where g.entity_id = any(?) and %s
                """.formatted(SERVES), entities.toArray(UUID[]::new), END_OF_TIME, now, now);
    }

    /** As {@link #of}, for many at once, by account. */
    static Map<UUID, List<Scope>> ofAccounts(Connection connection, UUID[] accounts, OffsetDateTime now)
            throws SQLException {
        return by(connection, """
                select g.id, g.rights, g.entity_id, g.ends, who.id from unnest(?::uuid[]) who(id) join right_grant g
                    on g.account_id = who.id or g.position_id in (
                        select held.position_id from person p join assignment held on held.person_id = p.id
                        where p.account_id = who.id and (held.ends is null or held.ends > ?))
                where %s
                """.formatted(SERVES), accounts, now, END_OF_TIME, now, now);
    }

    /** As {@link #ofPosition}, for many at once, by position. */
    static Map<UUID, List<Scope>> ofPositions(Connection connection, UUID[] positions, OffsetDateTime now)
            throws SQLException {
        return by(connection, """
                select g.id, g.rights, g.entity_id, g.ends, g.position_id from right_grant g where g.position_id = any(?) and %s
                """.formatted(SERVES), positions, END_OF_TIME, now, now);
    }

    /** As {@link #in}, for all entities, by entity. */
    static Map<UUID, List<Scope>> inEveryEntity(Connection connection, OffsetDateTime now) throws SQLException {
        return by(connection, """
                select g.id, g.rights, g.entity_id, g.ends, g.entity_id from right_grant g where g.entity_id is not null and %s
                """.formatted(SERVES), END_OF_TIME, now, now);
    }

    private static Map<UUID, List<Scope>> by(Connection connection, String question, Object... parameters)
            throws SQLException {
        Map<UUID, List<Scope>> all = new HashMap<>();
        Sql.query(
                connection,
                row -> all.computeIfAbsent(row.getObject(5, UUID.class), _ -> new ArrayList<>())
                        .add(Scope.read(row)),
                question,
                parameters);
        return all;
    }

    static Set<Right> rights(Array words) throws SQLException {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        Arrays.stream((String[]) words.getArray()).map(Right::of).forEach(rights::add);
        return rights;
    }
}
