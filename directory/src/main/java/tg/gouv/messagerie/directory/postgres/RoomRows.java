package tg.gouv.messagerie.directory.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.postgres.PeopleRows.Kept;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.database.Sql;

/** Rooms and what is lent. Each act tells whether it changed something. */
record RoomRows(Write write, Judge judge, StructureRows structure, AccountRows accounts) {
    /** What {@link #read} reads. */
    static final String ROOMS = """
            select d.address, a.display_name, e.code, r.cutype, r.capacity, r.location, r.features, r.opening, g.code
            from room r join account a on a.id = r.account_id and a.state <> 'closed'
                join address d on d.account_id = a.id and d.role = 'primary' join entity e on e.id = r.entity_id
                left join people_group g on g.id = r.bookers_id
            """;

    /** The room of an address, if there is one. */
    static final String ROOM = ROOMS + " where d.address = ?";

    Kept room(Room room) throws SQLException {
        UUID entity = structure.entityId(room.address(), room.entity());
        judge.demand(Right.ROOMS, entity);
        @Nullable
        UUID bookers = room.bookers().isPresent() ? group(room, room.bookers().get()) : null;
        Optional<UUID> known = accounts.byPrimary(Account.Kind.ROOM, room.address());
        if (known.isPresent()) {
            @Nullable UUID before = judge.placeOf(known.get());
            if (!Objects.equals(before, entity)) {
                judge.move(Right.ROOMS, before, entity);
            }
        }
        UUID account = known.isPresent() ? known.get() : make(room);
        boolean changed = write.update(
                """
                insert into room as r (account_id, entity_id, cutype, capacity, location, features, opening, bookers_id)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (account_id) do update set entity_id = excluded.entity_id, cutype = excluded.cutype,
                    capacity = excluded.capacity, location = excluded.location, features = excluded.features,
                    opening = excluded.opening, bookers_id = excluded.bookers_id
                where (r.entity_id, r.cutype, r.capacity, r.location, r.features, r.opening, r.bookers_id) is distinct from
                    (excluded.entity_id, excluded.cutype, excluded.capacity, excluded.location, excluded.features, excluded.opening,
                    excluded.bookers_id)
                """,
                account,
                entity,
                room.type().word(),
                room.capacity().isPresent() ? room.capacity().getAsInt() : null,
                room.location(),
                room.features().stream().sorted().toArray(String[]::new),
                room.opening().text(),
                bookers);
        changed |= accounts.displayName(account, room.name());
        changed |= accounts.state(new AccountId(account), Account.State.ACTIVE);
        return new Kept(account, known.isEmpty(), changed || known.isEmpty());
    }

    private UUID make(Room room) throws SQLException {
        UUID account = accounts.make(Account.Kind.ROOM, room.name());
        accounts.primary(account, room.address());
        return account;
    }

    private UUID group(Room room, GroupCode code) throws SQLException {
        return write.id("select id from people_group where code = ?", code.value())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_GROUP, room.address(), code));
    }

    Optional<Room> read(MailAddress address) throws SQLException {
        return Sql.first(write.connection(), RoomRows::read, ROOM, address.toString());
    }

    /** A room of the columns of {@link #ROOMS}. */
    static Room read(ResultSet row) throws SQLException {
        int capacity = row.getInt(5);
        OptionalInt places = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(capacity);
        Array features = row.getArray(7);
        return new Room(
                MailAddress.of(row.getString(1)),
                row.getString(2),
                new EntityCode(row.getString(3)),
                Room.Type.of(row.getString(4)),
                places,
                row.getString(6),
                Set.of((String[]) features.getArray()),
                Opening.parse(row.getString(8)),
                Optional.ofNullable(row.getString(9)).map(GroupCode::new));
    }
}
