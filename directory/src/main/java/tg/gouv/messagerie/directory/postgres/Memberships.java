package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * Groups name their members by what they are, so who is in one changes with every act of the directory. It is kept as a table, so that a
 * letter to 70,000 people, a look at one person's groups and LDAP read rows; an act asks upwards, in which groups are those it
 * touched now, and not downwards, who is in each group. Only what touches a group itself asks downwards, for that group and those it is in.
 */
/** Who is in which group, as rows, in the transaction of what changes it. */
final class Memberships {
    /** The accounts whose groups may be others when one of these was touched. */
    private static final String AFFECTED = """
        with recursive part(id) as (
            select id from entity where id = any(?)
            union select e.id from entity e join part on e.parent_id = part.id)
        select account_id from person where entity_id in (select id from part)
        union select a.id from account a where a.id = any(?) and a.kind in ('person', 'function')
        union select p.account_id from assignment h join person p on p.id = h.person_id where h.position_id = any(?)
        """;

    /** The groups whose members may be others when one of these was touched: itself and those that have it in them. */
    private static final String ABOVE = """
        with recursive up(id) as (
            select id from people_group where id = any(?)
            union select m.group_id from group_member m join up on m.member_group_id = up.id)
        select id from up
        """;

    /** Which account is named in which group, without other groups; the parameters are the accounts, and now, twice. */
    private static final String NAMED = """
        asked(account_id) as (%s),
        line(account_id, entity_id) as (
            select p.account_id, p.entity_id from person p join asked using (account_id) where p.entity_id is not null
            union select l.account_id, e.parent_id from line l join entity e on e.id = l.entity_id where e.parent_id is not null),
        held(account_id, position_id, title) as (
            select p.account_id, q.id, ldap_fold(q.title)
            from asked join person p using (account_id) join assignment h on h.person_id = p.id join position q on q.id = h.position_id
            where h.starts <= ? and (h.ends is null or h.ends > ?)),
        named(group_id, account_id) as (
            select m.group_id, m.account_id from group_member m join asked using (account_id)
            union select m.group_id, held.account_id from group_member m join held using (position_id)
            union select m.group_id, p.account_id
            from (select account_id, entity_id from line union all select account_id, null from asked) place
                join group_member m on m.by_rule
                    and coalesce(m.rule_entity_id, '00000000-0000-0000-0000-000000000000')
                        = coalesce(place.entity_id, '00000000-0000-0000-0000-000000000000')
                join person p on p.account_id = place.account_id
            where (m.rule_language is null or m.rule_language = p.language)
                and (m.rule_title is null or exists (
                    select from held where held.account_id = p.account_id and position(ldap_fold(m.rule_title) in held.title) > 0)))
        """;

    /** Brings the rows of some accounts to what they are; its result is the groups that changed and the accounts. */
    private static final String OF_ACCOUNTS = "with recursive " + NAMED.formatted("select unnest(?::uuid[])") + """
        , now_in(group_id, account_id) as (
            select group_id, account_id from named
            union select m.group_id, n.account_id from now_in n join group_member m on m.member_group_id = n.group_id),
        fresh as (
            select n.group_id, n.account_id from now_in n join account a on a.id = n.account_id and a.state in ('active', 'suspended')),
        gone as (
            delete from group_membership s using asked where s.account_id = asked.account_id
                and not exists (select from fresh f where (f.group_id, f.account_id) = (s.group_id, s.account_id))
            returning s.group_id, s.account_id),
        come as (
            insert into group_membership(group_id, account_id) select group_id, account_id from fresh on conflict do nothing
            returning group_id, account_id)
        select group_id, account_id from gone union all select group_id, account_id from come
        """;

    /** Brings the rows of some groups to what they are; the same result. */
    private static final String OF_GROUPS =
            "with recursive " + NAMED.formatted("select id from account where kind in ('person', 'function')") + """
        , inside(top, id) as (
            select unnest(?::uuid[]), unnest(?::uuid[])
            union select i.top, m.member_group_id from inside i join group_member m on m.group_id = i.id
            where m.member_group_id is not null),
        fresh(group_id, account_id) as (
            select distinct i.top, n.account_id from inside i join named n on n.group_id = i.id
                join account a on a.id = n.account_id and a.state in ('active', 'suspended')),
        gone as (
            delete from group_membership s where s.group_id = any(?)
                and not exists (select from fresh f where (f.group_id, f.account_id) = (s.group_id, s.account_id))
            returning s.group_id, s.account_id),
        come as (
            insert into group_membership(group_id, account_id) select group_id, account_id from fresh on conflict do nothing
            returning group_id, account_id)
        select group_id, account_id from gone union all select group_id, account_id from come
        """;

    private Memberships() {}

    /**
     * Brings memberships to what they are after an act.
     *
     * @param touched ids of accounts, positions, entities and groups; others are ignored
     * @return the touched, and every group and account whose membership changed
     */
    static Set<UUID> follow(Write write, Collection<UUID> touched) throws SQLException {
        Set<UUID> all = new HashSet<>(touched);
        if (Sql.first(write.connection(), row -> true, "select from people_group limit 1")
                .isEmpty()) {
            return all; // no group, no member
        }
        for (UUID[] part : PostgresDirectory.parts(touched.toArray(UUID[]::new))) {
            List<UUID> accounts =
                    Sql.query(write.connection(), row -> row.getObject(1, UUID.class), AFFECTED, part, part, part);
            for (UUID[] these : PostgresDirectory.parts(accounts.toArray(UUID[]::new))) {
                changed(write, all, OF_ACCOUNTS, these, write.time(), write.time());
            }
            UUID[] groups = Sql.query(write.connection(), row -> row.getObject(1, UUID.class), ABOVE, (Object) part)
                    .toArray(UUID[]::new);
            if (groups.length > 0) {
                changed(write, all, OF_GROUPS, write.time(), write.time(), groups, groups, groups);
            }
        }
        return all;
    }

    private static void changed(Write write, Set<UUID> all, String statement, Object... parameters)
            throws SQLException {
        Sql.query(
                write.connection(),
                row -> all.addAll(List.of(row.getObject(1, UUID.class), row.getObject(2, UUID.class))),
                statement,
                parameters);
    }
}
