package tg.gouv.messagerie.directory.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Domain;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** What the schema {@code directory} holds, read as it is now: one query a page. */
final class PostgresRegister implements Register {
    /** The ids of a part: one parameter, the code of its entity or null for all. */
    private static final String PART = """
        with recursive part(id) as (
            select id from entity where code = ?::text
            union select e.id from entity e join part on e.parent_id = part.id)
        """;

    /** An entity by its code. */
    static final String ENTITY =
            "select e.code, e.name, up.code from entity e left join entity up on up.id = e.parent_id where e.code = ?";

    /** A position by its code. */
    static final String POSITION =
            "select p.code, p.title, e.code from position p join entity e on e.id = p.entity_id where p.code = ?";

    private static final String FUNCTION_MAILBOXES = """
        select d.address, a.display_name, p.code, e.code, array(
            select h.access || ' ' || held.code from function_holder h join position held on held.id = h.position_id
            where h.account_id = a.id)
        from function_mailbox f join account a on a.id = f.account_id and a.state <> 'closed'
            join address d on d.account_id = a.id and d.role = 'primary'
            left join position p on p.id = f.position_id left join entity e on e.id = f.entity_id
        """;

    static final String GROUPS = """
        select g.code, g.name, e.code, array(
            select case
                when m.account_id is not null then 'account:' || (
                    select d.address from address d where d.account_id = m.account_id and d.role = 'primary')
                when m.position_id is not null then 'position:' || (select p.code from position p where p.id = m.position_id)
                when m.member_group_id is not null then 'group:' || (
                    select inner_group.code from people_group inner_group where inner_group.id = m.member_group_id)
                else 'people:' || concat_ws(',',
                    'entity=' || (select part.code from entity part where part.id = m.rule_entity_id),
                    'language=' || m.rule_language, 'title=' || m.rule_title)
                end
            from group_member m where m.group_id = g.id)
        from people_group g join entity e on e.id = g.entity_id
        """;

    /** A group by its code. */
    static final String GROUP = GROUPS + " where g.code = ?";

    private static final String MAILING_LISTS = """
        select d.address, g.code, l.writers, o.address
        from mailing_list l join account a on a.id = l.account_id and a.state <> 'closed'
            join address d on d.account_id = l.account_id and d.role = 'primary'
            join people_group g on g.id = l.group_id
            join address o on o.account_id = l.owner_id and o.role = 'primary'
        """;

    /** A mailing list by its primary address. */
    static final String MAILING_LIST = MAILING_LISTS + " where d.address = ?";

    /** People, as {@link #registered} reads them; two parameters, both now. */
    static final String PEOPLE = """
        select a.id, a.state, p.registration_number, p.given_name, p.family_name, d.address, p.language, e.code,
            array(select each.address from address each where each.account_id = a.id),
            array(select distinct held.code from assignment h join position held on held.id = h.position_id
                where h.person_id = p.id and h.starts <= ? and (h.ends is null or h.ends > ?) order by held.code)
        from person p join account a on a.id = p.account_id
        join address d on d.account_id = a.id and d.role = 'primary'
        left join entity e on e.id = p.entity_id
        """;

    private final Connections connections;
    private final InstantSource clock;

    PostgresRegister(Connections connections, InstantSource clock) {
        this.connections = connections;
        this.clock = clock;
    }

    @Override
    public Optional<Entity> entity(EntityCode code) {
        return connections.autoCommit(c -> Sql.first(c, PostgresRegister::entity, ENTITY, code.value()));
    }

    @Override
    public Optional<Position> position(PositionCode code) {
        return connections.autoCommit(c -> Sql.first(c, PostgresRegister::position, POSITION, code.value()));
    }

    @Override
    public Map<EntityCode, Entity> entities(Collection<EntityCode> codes) {
        return connections
                .autoCommit(c -> Sql.query(
                        c,
                        PostgresRegister::entity,
                        "select e.code, e.name, up.code from entity e left join entity up on up.id = e.parent_id"
                                + " where e.code = any(?) limit ?",
                        codes.stream().map(EntityCode::value).toArray(String[]::new),
                        PAGE_MAX))
                .stream()
                .collect(Collectors.toMap(Entity::code, it -> it));
    }

    @Override
    public Map<PositionCode, Position> positions(Collection<PositionCode> codes) {
        return connections
                .autoCommit(c -> Sql.query(
                        c,
                        PostgresRegister::position,
                        "select p.code, p.title, e.code from position p join entity e on e.id = p.entity_id"
                                + " where p.code = any(?) limit ?",
                        codes.stream().map(PositionCode::value).toArray(String[]::new),
                        PAGE_MAX))
                .stream()
                .collect(Collectors.toMap(Position::code, it -> it));
    }

    @Override
    public Optional<Registered> person(MailAddress address) {
        return connections.autoCommit(c -> Sql.first(
                c,
                PostgresRegister::registered,
                PEOPLE + " where a.id = (select account_id from address where address = ?)",
                Times.of(clock.instant()),
                Times.of(clock.instant()),
                address.toString()));
    }

    @Override
    public Optional<Registered> person(Person.RegistrationNumber number) {
        return connections.autoCommit(c -> Sql.first(
                c,
                PostgresRegister::registered,
                PEOPLE + " where p.registration_number = ?",
                Times.of(clock.instant()),
                Times.of(clock.instant()),
                number.value()));
    }

    @Override
    public List<Domain> domains() {
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> new Domain(
                        row.getString(1), Optional.ofNullable(row.getString(2)).map(EntityCode::new)),
                "select d.name, e.code from domain d left join entity e on e.id = d.entity_id order by d.name limit ?",
                PAGE_MAX));
    }

    @Override
    public List<Entity> entities(Optional<EntityCode> within, Optional<EntityCode> after, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                PostgresRegister::entity,
                PART + """
                select e.code, e.name, up.code from entity e left join entity up on up.id = e.parent_id
                where e.code > ? and (?::text is null or e.id in (select id from part)) order by e.code limit ?
                """,
                code(within),
                after.map(EntityCode::value).orElse(""),
                code(within),
                page(most)));
    }

    @Override
    public List<Position> positions(Optional<EntityCode> within, Optional<PositionCode> after, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                PostgresRegister::position,
                PART + """
                select p.code, p.title, e.code from position p join entity e on e.id = p.entity_id
                where p.code > ? and (?::text is null or e.id in (select id from part)) order by p.code limit ?
                """,
                code(within),
                after.map(PositionCode::value).orElse(""),
                code(within),
                page(most)));
    }

    @Override
    public List<Registered> people(Optional<EntityCode> within, Optional<MailAddress> after, int most) {
        return connections.autoCommit((Connection c) -> Sql.query(
                c,
                PostgresRegister::registered,
                PART + PEOPLE + """
                where d.address > ? and (?::text is null or p.entity_id in (select id from part)) order by d.address limit ?
                """,
                code(within),
                Times.of(clock.instant()),
                Times.of(clock.instant()),
                after.map(MailAddress::toString).orElse(""),
                code(within),
                page(most)));
    }

    @Override
    public Optional<FunctionMailbox> functionMailbox(MailAddress address) {
        return connections.autoCommit(c -> Sql.first(
                c, PostgresRegister::functionMailbox, FUNCTION_MAILBOXES + " where d.address = ?", address.toString()));
    }

    @Override
    public Optional<AccountId> functionMailboxAccount(MailAddress address) {
        return connections.autoCommit(
                c -> Sql.first(c, row -> new AccountId(row.getObject(1, UUID.class)), """
                select a.id from address d join account a on a.id = d.account_id
                where d.address = ? and d.role = 'primary' and a.kind = 'function' and a.state <> 'closed'
                """, address.toString()));
    }

    @Override
    public List<FunctionMailbox> functionMailboxes(Optional<EntityCode> within, Optional<MailAddress> after, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                PostgresRegister::functionMailbox,
                PART + FUNCTION_MAILBOXES + """
                where d.address > ? and (?::text is null or coalesce(f.entity_id, p.entity_id) in (select id from part))
                order by d.address limit ?
                """,
                code(within),
                after.map(MailAddress::toString).orElse(""),
                code(within),
                page(most)));
    }

    @Override
    public List<MailboxUser> functionMailboxUsers(MailAddress address, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> new MailboxUser(
                        MailAddress.of(row.getString(1)),
                        row.getString(2),
                        new PositionCode(row.getString(3)),
                        FunctionAccess.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                        Times.read(row, 5).orElseThrow(),
                        Times.read(row, 6)),
                """
                select who.address, a.display_name, q.code, way.access, h.starts, h.ends
                from address d join (
                        select account_id, position_id, 'holder' as access from function_mailbox where position_id is not null
                        union all select account_id, position_id, access from function_holder
                    ) way on way.account_id = d.account_id
                    join position q on q.id = way.position_id
                    join assignment h on h.position_id = q.id and (h.ends is null or h.ends > ?)
                    join person p on p.id = h.person_id
                    join account a on a.id = p.account_id and a.state <> 'closed'
                    join address who on who.account_id = a.id and who.role = 'primary'
                where d.address = ? and d.role = 'primary' order by p.name_order, who.address, q.code, way.access limit ?
                """,
                Times.of(clock.instant()),
                address.toString(),
                page(most)));
    }

    @Override
    public Optional<Group> group(GroupCode code) {
        return connections.autoCommit(c -> Sql.first(c, PostgresRegister::group, GROUP, code.value()));
    }

    @Override
    public List<Group> groups(Optional<EntityCode> within, Optional<GroupCode> after, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                PostgresRegister::group,
                PART + GROUPS + """
                where g.code > ? and (?::text is null or g.entity_id in (select id from part)) order by g.code limit ?
                """,
                code(within),
                after.map(GroupCode::value).orElse(""),
                code(within),
                page(most)));
    }

    @Override
    public List<MailAddress> members(GroupCode group, Optional<MailAddress> after, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> MailAddress.of(row.getString(1)),
                """
                select d.address from people_group g join group_membership m on m.group_id = g.id
                    join address d on d.account_id = m.account_id and d.role = 'primary'
                where g.code = ? and d.address > ? order by d.address limit ?
                """,
                group.value(),
                after.map(MailAddress::toString).orElse(""),
                page(most)));
    }

    @Override
    public Optional<MailingList> mailingList(MailAddress address) {
        return connections.autoCommit(
                c -> Sql.first(c, PostgresRegister::mailingList, MAILING_LIST, address.toString()));
    }

    @Override
    public Optional<MailingList> mailingListOf(GroupCode group) {
        return connections.autoCommit(
                c -> Sql.first(c, PostgresRegister::mailingList, MAILING_LISTS + " where g.code = ?", group.value()));
    }

    @Override
    public Optional<AccountId> mailingListAccount(MailAddress address) {
        return connections.autoCommit(
                c -> Sql.first(c, row -> new AccountId(row.getObject(1, UUID.class)), """
                select a.id from address d join account a on a.id = d.account_id
                where d.address = ? and d.role = 'primary' and a.kind = 'list' and a.state <> 'closed'
                """, address.toString()));
    }

    @Override
    public List<MailingList> mailingLists(Optional<EntityCode> within, Optional<MailAddress> after, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                PostgresRegister::mailingList,
                PART + MAILING_LISTS + """
                where d.address > ? and (?::text is null or g.entity_id in (select id from part)) order by d.address limit ?
                """,
                code(within),
                after.map(MailAddress::toString).orElse(""),
                code(within),
                page(most)));
    }

    @Override
    public Optional<Room> room(MailAddress address) {
        return connections.autoCommit(c -> Sql.first(c, RoomRows::read, RoomRows.ROOM, address.toString()));
    }

    @Override
    public Optional<AccountId> roomAccount(MailAddress address) {
        return connections.autoCommit(
                c -> Sql.first(c, row -> new AccountId(row.getObject(1, UUID.class)), """
                select a.id from address d join account a on a.id = d.account_id
                where d.address = ? and d.role = 'primary' and a.kind = 'room' and a.state <> 'closed'
                """, address.toString()));
    }

    @Override
    public List<Room> rooms(Optional<EntityCode> within, Optional<MailAddress> after, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                RoomRows::read,
                PART + RoomRows.ROOMS + """
                where d.address > ? and (?::text is null or r.entity_id in (select id from part)) order by d.address limit ?
                """,
                code(within),
                after.map(MailAddress::toString).orElse(""),
                code(within),
                page(most)));
    }

    private static @Nullable String code(Optional<EntityCode> within) {
        return within.map(EntityCode::value).orElse(null);
    }

    private static int page(int most) {
        return Math.clamp(most, 1, PAGE_MAX);
    }

    /** An entity of the columns code, name, parent. */
    static Entity entity(ResultSet row) throws SQLException {
        return new Entity(
                new EntityCode(row.getString(1)),
                row.getString(2),
                Optional.ofNullable(row.getString(3)).map(EntityCode::new));
    }

    /** A position of the columns code, title, entity. */
    static Position position(ResultSet row) throws SQLException {
        return new Position(new PositionCode(row.getString(1)), row.getString(2), new EntityCode(row.getString(3)));
    }

    /** A function mailbox of the columns of {@link #FUNCTION_MAILBOXES}. */
    private static FunctionMailbox functionMailbox(ResultSet row) throws SQLException {
        Map<PositionCode, FunctionAccess> holders = new HashMap<>();
        for (String each : texts(row.getArray(5))) {
            int space = each.indexOf(' ');
            holders.put(
                    new PositionCode(each.substring(space + 1)),
                    FunctionAccess.valueOf(each.substring(0, space).toUpperCase(Locale.ROOT)));
        }
        String position = row.getString(3);
        return new FunctionMailbox(
                MailAddress.of(row.getString(1)),
                row.getString(2),
                position == null
                        ? new FunctionMailbox.OfEntity(new EntityCode(row.getString(4)))
                        : new FunctionMailbox.OfPosition(new PositionCode(position)),
                holders);
    }

    /** A group of the columns code, name, entity, members. */
    static Group group(ResultSet row) throws SQLException {
        return new Group(
                new GroupCode(row.getString(1)),
                row.getString(2),
                new EntityCode(row.getString(3)),
                texts(row.getArray(4)).stream().map(Member::of).collect(Collectors.toSet()));
    }

    /** A mailing list of the columns address, group, writers, owner. */
    static MailingList mailingList(ResultSet row) throws SQLException {
        return new MailingList(
                MailAddress.of(row.getString(1)),
                new GroupCode(row.getString(2)),
                MailingLists.Writers.of(row.getString(3)),
                MailAddress.of(row.getString(4)));
    }

    /** A person of the columns of {@link #PEOPLE}. */
    static Registered registered(ResultSet row) throws SQLException {
        return new Registered(
                new AccountId(row.getObject(1, UUID.class)),
                Account.State.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                new Person(
                        Optional.ofNullable(row.getString(3)).map(Person.RegistrationNumber::new),
                        new PersonName(row.getString(4), row.getString(5)),
                        MailAddress.of(row.getString(6)),
                        Locale.of(row.getString(7)),
                        Optional.ofNullable(row.getString(8)).map(EntityCode::new)),
                texts(row.getArray(9)).stream().map(MailAddress::of).collect(Collectors.toSet()),
                texts(row.getArray(10)).stream().map(PositionCode::new).toList());
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }
}
