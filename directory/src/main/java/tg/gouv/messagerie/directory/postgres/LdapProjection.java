package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * What an entry shows is computed from the tables by one statement per kind, whatever was done: an act names what it touched, and
 * everything that shows something of it is computed again. An entry that comes out the same is not written, so a change of the
 * feed is a change. Whoever calls holds the lock of acts, so two projections never race.
 *
 * Assignments begin and end by themselves: what does is projected when its time is noticed (DueChanges).
 */
/** Keeps the entries that LDAP shows as the directory's tables are, in the transaction that writes the tables. */
final class LdapProjection {
    private static final Logger LOG = LoggerFactory.getLogger(LdapProjection.class);

    /** Which form of entries this program projects; another one in the tables is projected again as a whole. */
    private static final int FORM = 4;

    /** A larger group shows no members; its people show that they are of it. */
    private static final int MEMBERS_SHOWN = 1_000;

    /** Everything that shows something of what was touched; each parameter is the ids of the touched. */
    private static final String SHOWING = """
            select 'entity', e.id from entity e where e.id = any(?)
            union select 'position', p.id from position p where p.id = any(?)
            union select 'position', p.id from position p where p.entity_id = any(?)
            union select 'position', h.position_id from person p join assignment h on h.person_id = p.id where p.account_id = any(?)
            union select 'position', f.position_id from function_mailbox f where f.account_id = any(?) and f.position_id is not null
            union select 'position', e.entry_uuid from function_mailbox f join address d on d.account_id = f.account_id
                join ldap_index i on i.attr = 'mail' and i.value = ldap_fold(d.address) -- which it belonged to before
                join ldap_entry e on e.id = i.entry_id and e.source = 'position' where f.account_id = any(?)
            union select 'person', p.account_id from person p where p.account_id = any(?)
            union select 'person', p.account_id from person p where p.entity_id = any(?)
            union select 'person', p.account_id from assignment h join person p on p.id = h.person_id where h.position_id = any(?)
            union select 'function', f.account_id from function_mailbox f where f.account_id = any(?)
            union select 'function', f.account_id from function_mailbox f where f.position_id = any(?)
            union select 'function', u.account_id from function_holder u where u.position_id = any(?)
            union select 'function', f.account_id from person p join assignment h on h.person_id = p.id
                join function_mailbox f on f.position_id = h.position_id where p.account_id = any(?)
            union select 'function', u.account_id from person p join assignment h on h.person_id = p.id
                join function_holder u on u.position_id = h.position_id where p.account_id = any(?)
            union select 'group', g.id from people_group g where g.id = any(?)
            union select 'group', l.group_id from mailing_list l where l.account_id = any(?)
            union select 'room', r.account_id from room r where r.account_id = any(?)
            """;

    /** Gives a name to those who have none. */
    private static final String NAME = """
            insert into ldap_name(account_id, name)
            select id, case when taken then address else local end
            from (
                select a.id, d.address, split_part(d.address, '@', 1) as local,
                    row_number() over (partition by split_part(d.address, '@', 1) order by a.id) > 1
                        or exists (select from ldap_name n where n.name = split_part(d.address, '@', 1))
                        or exists (select from reserved_address r where r.digest = address_digest(split_part(d.address, '@', 1))) as taken
                from account a join address d on d.account_id = a.id and d.role = 'primary'
                where a.id = any(?) and not exists (select from ldap_name n where n.account_id = a.id)
            ) unnamed
            """;

    /** Removes the entries of those who are not shown any more. */
    private static final String REMOVE = """
            with gone as (
                delete from ldap_entry e using unnest(?::uuid[]) asked(id)
                where e.entry_uuid = asked.id and e.source is not null
                    and not exists (select from entity where id = asked.id)
                    and not exists (select from position where id = asked.id)
                    and not exists (select from people_group where id = asked.id)
                    and not exists (select from account where id = asked.id and state in ('active', 'suspended'))
                returning e.entry_uuid, e.dn
            )
            insert into ldap_change(at, entry_uuid, kind, dn) select ?, entry_uuid, 'delete', dn from gone
            """;

    /**
     * Projects again whatever shows something of what an act touched.
     *
     * @param write the act's transaction, which holds the lock of acts
     * @param touched ids of entities, positions, groups and accounts, in any order; others are ignored
     */
    void project(Write write, Collection<UUID> touched) throws SQLException {
        for (UUID[] part : parts(Memberships.follow(write, touched))) {
            Map<Kind, Set<UUID>> showing = showing(write, part);
            Set<UUID> accounts = new HashSet<>(of(showing, Kind.PERSON));
            accounts.addAll(of(showing, Kind.FUNCTION));
            accounts.addAll(of(showing, Kind.ROOM));
            for (UUID[] unnamed : parts(accounts)) {
                write.update(NAME, (Object) unnamed);
            }
            for (Kind kind : Kind.values()) {
                for (UUID[] these : parts(of(showing, kind))) {
                    keep(write, kind, these);
                }
            }
            write.update(REMOVE, part, write.time());
        }
    }

    /** Projects everything, unless it was by a program like this one. */
    void begin(Write write) throws SQLException {
        Optional<Integer> form =
                Sql.first(write.connection(), row -> row.getInt(1), "select form from ldap_projection");
        if (form.equals(Optional.of(FORM))) {
            return;
        }
        int entries = all(write);
        write.update("""
                insert into ldap_projection(form, through) values (?, ?)
                on conflict (only_row) do update set form = excluded.form, through = excluded.through
                """, FORM, write.time());
        if (entries > 0) {
            LOG.info("event=directory-projected entries={}", entries);
        }
    }

    /** Projects everything, and removes what shows nothing. */
    int all(Write write) throws SQLException {
        List<UUID> everything = Sql.query(write.connection(), row -> row.getObject(1, UUID.class), """
                select id from entity union all select id from position union all select id from account union all select id from people_group
                union select entry_uuid from ldap_entry where source is not null
                """);
        project(write, everything);
        return everything.size();
    }

    /** Whether assignments began or ended since they were last projected. */
    boolean isDue(Write write) throws SQLException {
        return !assignmentsDue(write).isEmpty();
    }

    /** Projects assignments that began or ended by themselves. */
    void due(Write write) throws SQLException {
        project(write, assignmentsDue(write));
        write.update("update ldap_projection set through = greatest(through, ?)", write.time());
    }

    private static List<UUID> assignmentsDue(Write write) throws SQLException {
        return Sql.query(write.connection(), row -> row.getObject(1, UUID.class), """
                select p.account_id from ldap_projection last join assignment h on h.starts > last.through and h.starts <= ?
                    join person p on p.id = h.person_id
                union select p.account_id from ldap_projection last join assignment h on h.ends > last.through and h.ends <= ?
                    join person p on p.id = h.person_id
                """, write.time(), write.time());
    }

    private static Map<Kind, Set<UUID>> showing(Write write, UUID[] touched) throws SQLException {
        Object[] everywhere =
                new Object[(int) SHOWING.chars().filter(each -> each == '?').count()];
        Arrays.fill(everywhere, touched);
        Map<Kind, Set<UUID>> showing = new EnumMap<>(Kind.class);
        Sql.query(
                write.connection(),
                row -> showing.computeIfAbsent(
                                Kind.valueOf(row.getString(1).toUpperCase(Locale.ROOT)), _ -> new HashSet<>())
                        .add(row.getObject(2, UUID.class)),
                SHOWING,
                everywhere);
        return showing;
    }

    private static Set<UUID> of(Map<Kind, Set<UUID>> showing, Kind kind) {
        return showing.getOrDefault(kind, Set.of());
    }

    private static void keep(Write write, Kind kind, UUID[] these) throws SQLException {
        List<Object> parameters = new ArrayList<>();
        for (int i = 0; i < kind.times; i++) {
            parameters.add(write.time());
        }
        parameters.add(these);
        parameters.add(write.time());
        List<Long> kept = Sql.query(write.connection(), row -> row.getLong(1), kind.statement, parameters.toArray());
        if (!kept.isEmpty()) {
            Sql.first(write.connection(), row -> true, "select ldap_reindex(?)", (Object) kept.toArray(Long[]::new));
        }
    }

    private static List<UUID[]> parts(Collection<UUID> ids) {
        return PostgresDirectory.parts(ids.toArray(UUID[]::new));
    }

    /** What is projected: each kind has its folder, and the query of its entries. */
    private enum Kind {
        ENTITY(4, "entities", "ou", """
                select e.id, e.code, jsonb_build_object(
                    'objectClass', '["top", "organizationalUnit", "gouvEntity"]'::jsonb,
                    'ou', case when e.name = e.code then jsonb_build_array(e.code) else jsonb_build_array(e.code, e.name) end,
                    'displayName', jsonb_build_array(e.name),
                    'gouvParentDN', case when p.id is not null then jsonb_build_array('/ou=' || p.code || ',ou=entities') end)
                from entity e left join entity p on p.id = e.parent_id
                where e.id = any(?)
                """),
        POSITION(3, "positions", "cn", """
                select p.id, p.code, jsonb_build_object(
                    'objectClass', '["top", "organizationalRole", "gouvPosition"]'::jsonb,
                    'cn', case when p.title = p.code then jsonb_build_array(p.code) else jsonb_build_array(p.code, p.title) end,
                    'displayName', jsonb_build_array(p.title),
                    'ou', jsonb_build_array(e.name),
                    'gouvEntityDN', jsonb_build_array('/ou=' || e.code || ',ou=entities'),
                    'mail', (
                        select jsonb_agg(d.address order by d.address)
                        from function_mailbox f join account a on a.id = f.account_id and a.state in ('active', 'suspended')
                            join address d on d.account_id = a.id and d.role = 'primary'
                        where f.position_id = p.id),
                    'roleOccupant', (
                        select jsonb_agg(distinct '/uid=' || regexp_replace(n.name, '^#', '\\\\#') || ',ou=people')
                        from assignment h join person q on q.id = h.person_id
                            join account a on a.id = q.account_id and a.state in ('active', 'suspended')
                            join ldap_name n on n.account_id = a.id
                        where h.position_id = p.id and h.starts <= ? and (h.ends is null or h.ends > ?)))
                from position p join entity e on e.id = p.entity_id
                where p.id = any(?)
                """),
        FUNCTION(5, "functions", "cn", """
                select a.id, n.name, jsonb_build_object(
                    'objectClass', '["top", "groupOfNames", "gouvFunction"]'::jsonb,
                    'cn', case when a.display_name = n.name then jsonb_build_array(n.name)
                        else jsonb_build_array(n.name, a.display_name) end,
                    'displayName', jsonb_build_array(a.display_name),
                    'mail', (select jsonb_agg(d.address) from address d where d.account_id = a.id and d.role = 'primary'),
                    'gouvMailAlternateAddress', (
                        select jsonb_agg(d.address order by d.address)
                        from address d where d.account_id = a.id and d.role <> 'primary'),
                    'owner', jsonb_build_array(o.dn),
                    -- A group has a member: without people, what it belongs to.
                    'member', coalesce((
                        select jsonb_agg(distinct '/uid=' || regexp_replace(m.name, '^#', '\\\\#') || ',ou=people')
                        from (
                            select f.position_id where f.position_id is not null
                            union select u.position_id from function_holder u where u.account_id = f.account_id
                        ) way join assignment h on h.position_id = way.position_id
                            join person q on q.id = h.person_id
                            join account b on b.id = q.account_id and b.state in ('active', 'suspended')
                            join ldap_name m on m.account_id = b.id
                        where h.starts <= ? and (h.ends is null or h.ends > ?)), jsonb_build_array(o.dn)))
                from account a join function_mailbox f on f.account_id = a.id join ldap_name n on n.account_id = a.id
                    left join position p on p.id = f.position_id left join entity e on e.id = f.entity_id
                    cross join lateral (
                        select coalesce('/cn=' || p.code || ',ou=positions', '/ou=' || e.code || ',ou=entities') as dn) o
                where a.state in ('active', 'suspended') and a.id = any(?)
                """),
        GROUP(6, "groups", "cn", """
                select g.id, g.code, jsonb_build_object(
                    'objectClass', '["top", "groupOfNames", "gouvGroup"]'::jsonb,
                    'cn', case when g.name = g.code then jsonb_build_array(g.code) else jsonb_build_array(g.code, g.name) end,
                    'displayName', jsonb_build_array(g.name),
                    'gouvEntityDN', jsonb_build_array('/ou=' || e.code || ',ou=entities'),
                    'mail', (
                        select jsonb_agg(d.address)
                        from mailing_list l join account a on a.id = l.account_id and a.state in ('active', 'suspended')
                            join address d on d.account_id = a.id and d.role = 'primary'
                        where l.group_id = g.id),
                    -- A group has a member: one without people, or with more than an entry should carry, what it belongs to.
                    'member', coalesce((
                        select jsonb_agg('/' || case a.kind when 'person' then 'uid' else 'cn' end || '='
                            || regexp_replace(n.name, '^#', '\\#') || ',ou=' || case a.kind when 'person' then 'people' else 'functions' end order by a.kind, n.name)
                        from group_membership m join account a on a.id = m.account_id join ldap_name n on n.account_id = a.id
                        where m.group_id = g.id
                        having count(*) <= MEMBERS_SHOWN), jsonb_build_array('/ou=' || e.code || ',ou=entities')))
                from people_group g join entity e on e.id = g.entity_id
                where g.id = any(?)
                """),
        ROOM(8, "rooms", "cn", """
                select a.id, n.name, jsonb_build_object(
                    'objectClass', '["top", "room", "gouvRoom"]'::jsonb,
                    'cn', case when a.display_name = n.name then jsonb_build_array(n.name)
                        else jsonb_build_array(n.name, a.display_name) end,
                    'displayName', jsonb_build_array(a.display_name),
                    'mail', (select jsonb_agg(d.address) from address d where d.account_id = a.id and d.role = 'primary'),
                    'gouvEntityDN', jsonb_build_array('/ou=' || e.code || ',ou=entities'),
                    'gouvRoomType', jsonb_build_array(r.cutype),
                    'gouvRoomCapacity', case when r.capacity is not null then jsonb_build_array(r.capacity::text) end,
                    'gouvRoomFeature', case when r.features <> '{}' then to_jsonb(r.features) end,
                    'gouvRoomOpening', case when r.opening <> '' then jsonb_build_array(r.opening) end,
                    'gouvRoomBookersDN', case when g.id is not null then jsonb_build_array('/cn=' || g.code || ',ou=groups') end,
                    'l', case when r.location <> '' then jsonb_build_array(r.location) end)
                from room r join account a on a.id = r.account_id join ldap_name n on n.account_id = a.id
                    join entity e on e.id = r.entity_id left join people_group g on g.id = r.bookers_id
                where a.state in ('active', 'suspended') and a.id = any(?)
                """),
        PERSON(2, "people", "uid", """
                select a.id, n.name, jsonb_build_object(
                    'objectClass', '["top", "person", "organizationalPerson", "inetOrgPerson", "gouvPerson"]'::jsonb,
                    'uid', jsonb_build_array(n.name),
                    'cn', jsonb_build_array(a.display_name),
                    'displayName', jsonb_build_array(a.display_name),
                    'sn', jsonb_build_array(p.family_name),
                    'givenName', case when p.given_name <> '' then jsonb_build_array(p.given_name) end, -- some have one name
                    'mail', (select jsonb_agg(d.address) from address d where d.account_id = a.id and d.role = 'primary'),
                    'gouvMailAlternateAddress', (
                        select jsonb_agg(d.address order by d.address)
                        from address d where d.account_id = a.id and d.role <> 'primary'),
                    'employeeNumber', case when p.registration_number is not null
                        then jsonb_build_array(p.registration_number) end,
                    'preferredLanguage', jsonb_build_array(p.language),
                    'ou', case when e.id is not null then jsonb_build_array(e.name) end,
                    'departmentNumber', case when e.id is not null then jsonb_build_array(e.code) end,
                    'gouvEntityDN', case when e.id is not null then jsonb_build_array('/ou=' || e.code || ',ou=entities') end,
                    'title', held.titles,
                    'gouvPositionDN', held.dns,
                    'memberOf', (
                        select jsonb_agg('/cn=' || g.code || ',ou=groups' order by g.code)
                        from group_membership m join people_group g on g.id = m.group_id where m.account_id = a.id))
                from person p join account a on a.id = p.account_id join ldap_name n on n.account_id = a.id
                    left join entity e on e.id = p.entity_id
                    cross join lateral (
                        select jsonb_agg(distinct q.title) as titles,
                            jsonb_agg(distinct '/cn=' || q.code || ',ou=positions') as dns
                        from assignment h join position q on q.id = h.position_id
                        where h.person_id = p.id and h.starts <= ? and (h.ends is null or h.ends > ?)) held
                where a.state in ('active', 'suspended') and a.id = any(?)
                """);

        private final String statement;
        private final int times;

        Kind(int container, String folder, String rdn, String query) {
            // Writes what is new or other than it was; the parameters are those of the query, and now.
            this.statement = """
            with fresh(uuid, name, attrs) as (%s),
            kept as (
                insert into ldap_entry as e (entry_uuid, source, parent_id, path, dn, attrs, created, changed)
                select uuid, '%s', %d, '%s' || U&'\\0001' || '%s=' || name || U&'\\0001',
                    '%s=' || regexp_replace(name, '^#', '\\\\#') || ',%s', jsonb_strip_nulls(attrs), now.at, now.at
                from fresh cross join (select ?::timestamptz as at) now
                on conflict (entry_uuid) do update
                set path = excluded.path, dn = excluded.dn, attrs = excluded.attrs, changed = excluded.changed
                where (e.path, e.attrs) is distinct from (excluded.path, excluded.attrs)
                returning e.id, e.entry_uuid, e.dn, e.changed, e.xmax = 0 as made
            ),
            told as (
                insert into ldap_change(at, entry_uuid, kind, dn)
                select changed, entry_uuid, case when made then 'add' else 'modify' end, dn from kept
            )
            select id from kept
            """.formatted(
                            query, name().toLowerCase(Locale.ROOT), container, "ou=" + folder, rdn, rdn, "ou=" + folder)
                    .replace("MEMBERS_SHOWN", String.valueOf(MEMBERS_SHOWN));
            this.times = (int) query.chars().filter(each -> each == '?').count() - 1;
        }
    }
}
