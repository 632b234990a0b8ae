package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.postgres.PeopleRows.Kept;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.database.Sql;

/** Groups, who is to be in them, and mailing lists. Each act tells whether it changed something. */
record GroupRows(Write write, Judge judge, StructureRows structure, AccountRows accounts) {
    /** More are named by a rule. */
    private static final int MEMBERS_MAX = 5_000;

    boolean group(Group group) throws SQLException {
        if (group.members().size() > MEMBERS_MAX) {
            throw new ProvisioningRefused(Reason.GROUP_TOO_LARGE, group.code(), MEMBERS_MAX);
        }
        UUID entity = structure.entityId(group.code(), group.entity());
        judge.demand(Right.GROUPS, entity);
        Optional<UUID> known = id(group.code());
        boolean changed = known.isEmpty();
        UUID id = known.isPresent() ? known.get() : make(group, entity);
        if (known.isPresent()) {
            UUID before = entityOf(id);
            if (!Objects.equals(before, entity)) {
                judge.move(Right.GROUPS, before, entity);
            }
            changed = write.update(
                    "update people_group set name = ?, entity_id = ? where id = ? and (name, entity_id) is distinct from (?, ?)",
                    group.name(),
                    entity,
                    id,
                    group.name(),
                    entity);
            write.update(
                    "update account set display_name = ?, changed = ? where display_name <> ? and id = (select account_id from mailing_list where group_id = ?)",
                    group.name(),
                    write.time(),
                    group.name(),
                    id);
        }
        boolean others = members(group, id);
        return changed || others;
    }

    boolean remove(GroupCode code) throws SQLException {
        Optional<UUID> known = id(code);
        if (known.isEmpty()) {
            return false;
        }
        judge.demand(Right.GROUPS, entityOf(known.get()));
        Optional<String> user =
                Sql.first(write.connection(), row -> row.getString(1), """
                select d.address from mailing_list l join account a on a.id = l.account_id and a.state <> 'closed'
                    join address d on d.account_id = l.account_id and d.role = 'primary'
                where l.group_id = ?
                union all select g.code from group_member m join people_group g on g.id = m.group_id where m.member_group_id = ?
                union all select d.address from room r join account a on a.id = r.account_id and a.state <> 'closed'
                    join address d on d.account_id = a.id and d.role = 'primary' where r.bookers_id = ?
                limit 1
                """, known.get(), known.get(), known.get());
        if (user.isPresent()) {
            throw new ProvisioningRefused(Reason.GROUP_IN_USE, code, user.get());
        }
        write.update("update room set bookers_id = null where bookers_id = ?", known.get()); // closed ones
        write.update(
                "delete from mailing_list where group_id = ?",
                known.get()); // its closed list, whose address stays taken
        return write.update("delete from people_group where id = ?", known.get());
    }

    Kept mailingList(MailingList list) throws SQLException {
        UUID group = demand(list.address(), list.group());
        UUID place = entityOf(group);
        judge.demand(Right.GROUPS, place);
        UUID owner = owner(list.owner());
        Optional<UUID> known = accounts.byPrimary(Account.Kind.LIST, list.address());
        refuseSecond(list, group, known);
        if (known.isPresent()) {
            @Nullable UUID before = judge.placeOf(known.get());
            if (!Objects.equals(before, place)) {
                judge.move(Right.GROUPS, before, place);
            }
        }
        String name = Sql.first(
                        write.connection(),
                        row -> row.getString(1),
                        "select name from people_group where id = ?",
                        group)
                .orElseThrow();
        UUID account = known.isPresent() ? known.get() : make(list, name);
        boolean changed = write.update(
                "insert into mailing_list(account_id, group_id, writers, owner_id) values (?, ?, ?, ?) on conflict do nothing",
                account,
                group,
                list.writers().word(),
                owner);
        changed |= accounts.displayName(account, name);
        changed |= accounts.state(new AccountId(account), Account.State.ACTIVE);
        changed |= write.update(
                """
                update mailing_list set group_id = ?, writers = ?, owner_id = ?
                where account_id = ? and (group_id, writers, owner_id) is distinct from (?, ?, ?)
                """,
                group,
                list.writers().word(),
                owner,
                account,
                group,
                list.writers().word(),
                owner);
        return new Kept(account, known.isEmpty(), changed);
    }

    /** The group to which a list delivers, if there is such a list. */
    Optional<UUID> groupOf(MailAddress list) throws SQLException {
        return write.id(
                "select l.group_id from address d join mailing_list l on l.account_id = d.account_id where d.address = ?",
                list.toString());
    }

    /** A group as it is. */
    Optional<Group> read(GroupCode code) throws SQLException {
        return Sql.first(write.connection(), PostgresRegister::group, PostgresRegister.GROUP, code.value());
    }

    /** A mailing list as it is. */
    Optional<MailingList> read(MailAddress address) throws SQLException {
        return Sql.first(
                write.connection(), PostgresRegister::mailingList, PostgresRegister.MAILING_LIST, address.toString());
    }

    private UUID make(Group group, UUID entity) throws SQLException {
        UUID id = write.newId();
        write.update(
                "insert into people_group(id, code, name, entity_id, made) values (?, ?, ?, ?, ?)",
                id,
                group.code().value(),
                group.name(),
                entity,
                write.time());
        return id;
    }

    private UUID make(MailingList list, String name) throws SQLException {
        UUID account = accounts.make(Account.Kind.LIST, name);
        accounts.primary(account, list.address());
        return account;
    }

    private boolean members(Group group, UUID id) throws SQLException {
        Set<Row> wanted = new HashSet<>();
        for (Member member : group.members()) {
            wanted.add(row(group, id, member));
        }
        Set<Row> present = new HashSet<>(Sql.query(
                write.connection(),
                row -> new Row(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getObject(3, UUID.class),
                        row.getBoolean(4),
                        row.getObject(5, UUID.class),
                        row.getString(6),
                        row.getString(7)),
                """
                select account_id, position_id, member_group_id, by_rule, rule_entity_id, rule_language, rule_title
                from group_member where group_id = ?
                """,
                id));
        if (wanted.equals(present)) {
            return false;
        }
        for (Row gone : present) {
            if (!wanted.contains(gone)) {
                write.update("""
                        delete from group_member where group_id = ?
                            and (account_id, position_id, member_group_id, by_rule, rule_entity_id, rule_language, rule_title)
                                is not distinct from (?::uuid, ?::uuid, ?::uuid, ?, ?::uuid, ?::text, ?::text)
                        """, gone.after(id));
            }
        }
        wanted.removeAll(present);
        for (Row made : wanted) {
            write.update("""
                    insert into group_member(
                        group_id, account_id, position_id, member_group_id, by_rule, rule_entity_id, rule_language, rule_title)
                    values (?, ?, ?, ?, ?, ?, ?, ?)
                    """, made.after(id));
        }
        return true;
    }

    private Row row(Group group, UUID id, Member member) throws SQLException {
        return switch (member) {
            case Member.OfAccount(MailAddress address) ->
                new Row(account(address), null, null, false, null, null, null);
            case Member.OfPosition(var position) ->
                new Row(null, structure.positionId(group.code(), position), null, false, null, null, null);
            case Member.OfGroup(GroupCode code) -> {
                UUID inside = demand(group.code(), code);
                refuseCycle(group, id, code, inside);
                judge.demand(Right.GROUPS, entityOf(inside));
                yield new Row(null, null, inside, false, null, null, null);
            }
            case Member.People(Optional<EntityCode> entity, Optional<String> language, Optional<String> title) -> {
                @Nullable UUID part = entity.isPresent() ? structure.entityId(group.code(), entity.get()) : null;
                judge.demand(Right.GROUPS, part);
                yield new Row(null, null, null, true, part, language.orElse(null), title.orElse(null));
            }
        };
    }

    private void refuseCycle(Group group, UUID id, GroupCode code, UUID inside) throws SQLException {
        Optional<UUID> found = write.id("""
                with recursive inside(id) as (
                    select ?::uuid
                    union select m.member_group_id from group_member m join inside on m.group_id = inside.id
                    where m.member_group_id is not null)
                select id from inside where id = ?
                """, inside, id);
        if (found.isPresent()) {
            throw new ProvisioningRefused(Reason.GROUP_CYCLE, group.code(), code);
        }
    }

    private void refuseSecond(MailingList list, UUID group, Optional<UUID> known) throws SQLException {
        Optional<String> other = Sql.first(write.connection(), row -> row.getString(1), """
                select d.address from mailing_list l join address d on d.account_id = l.account_id and d.role = 'primary'
                where l.group_id = ? and l.account_id is distinct from ?::uuid
                """, group, known.orElse(null));
        if (other.isPresent()) {
            throw new ProvisioningRefused(Reason.GROUP_HAS_A_LIST, list.group(), other.get());
        }
    }

    private UUID owner(MailAddress address) throws SQLException {
        return write.id("""
                select a.id from address d join account a on a.id = d.account_id where d.address = ? and a.kind in ('person', 'function')
                """, address.toString())
                .orElseThrow(() -> new ProvisioningRefused(Reason.NOT_AN_OWNER, address));
    }

    private UUID account(MailAddress address) throws SQLException {
        return write.id("""
                select a.id from address d join account a on a.id = d.account_id where d.address = ? and a.kind in ('person', 'function')
                """, address.toString())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_PERSON, address));
    }

    private UUID demand(Object by, GroupCode code) throws SQLException {
        return id(code).orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_GROUP, by, code));
    }

    private Optional<UUID> id(GroupCode code) throws SQLException {
        return write.id("select id from people_group where code = ?", code.value());
    }

    private UUID entityOf(UUID group) throws SQLException {
        return write.id("select entity_id from people_group where id = ?", group)
                .orElseThrow();
    }

    /** The id of a group, if there is one, and of the accounts that are in it now. */
    List<UUID> idAndMembers(GroupCode code) throws SQLException {
        return Sql.query(write.connection(), row -> row.getObject(1, UUID.class), """
                select id from people_group where code = ?
                union all select m.account_id from people_group g join group_membership m on m.group_id = g.id where g.code = ?
                """, code.value(), code.value());
    }

    /** The ids of the groups that have one of these codes. */
    Set<UUID> withCodes(Set<String> codes) throws SQLException {
        return codes.isEmpty()
                ? Set.of()
                : Sql.query(
                                write.connection(),
                                row -> row.getObject(1, UUID.class),
                                "select id from people_group where code = any(?)",
                                (Object) codes.toArray(String[]::new))
                        .stream()
                        .collect(Collectors.toSet());
    }

    /** Who a group has to be in it, as a row has it. */
    private record Row(
            @Nullable UUID account,
            @Nullable UUID position,
            @Nullable UUID group,
            boolean byRule,
            @Nullable UUID entity,
            @Nullable String language,
            @Nullable String title) {
        @Nullable
        Object[] after(UUID id) {
            return new @Nullable Object[] {id, account, position, group, byRule, entity, language, title};
        }
    }
}
