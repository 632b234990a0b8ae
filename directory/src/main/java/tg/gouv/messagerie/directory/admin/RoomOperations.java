package tg.gouv.messagerie.directory.admin;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Room;

/** What the API does with rooms and what is lent. */
final class RoomOperations {
    private static final List<String> ROOM = List.of(
            "address", "name", "entity", "type", "capacity#?", "location?", "features[]", "opening?", "bookers?");

    private final Register register;
    private final Provisioning provisioning;

    RoomOperations(Register register, Provisioning provisioning) {
        this.register = register;
        this.provisioning = provisioning;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "GET",
                        "/rooms",
                        "rooms",
                        "Rooms and resources in a part of the State, by their addresses.",
                        "token",
                        List.of("within", "after", "limit"),
                        List.of(),
                        200,
                        List.of("items[]", "next?"),
                        this::rooms),
                new Operation(
                        "GET",
                        "/rooms/{address}",
                        "room",
                        "A room or resource.",
                        "token",
                        List.of(),
                        List.of(),
                        200,
                        ROOM,
                        this::room),
                new Operation(
                        "PUT",
                        "/rooms/{address}",
                        "putRoom",
                        "Makes a room or resource, or says otherwise what it is and who books it.",
                        "rooms",
                        List.of(),
                        ROOM.subList(1, ROOM.size()),
                        200,
                        ROOM,
                        this::putRoom),
                new Operation(
                        "DELETE",
                        "/rooms/{address}",
                        "closeRoom",
                        "Nobody books the room any more; its address is given to nobody else.",
                        "rooms",
                        List.of(),
                        List.of(),
                        204,
                        List.of(),
                        this::closeRoom));
    }

    private Answer rooms(Call call) {
        return Answer.of(Shown.page(
                register.rooms(
                        call.query("within", EntityCode::new), call.query("after", MailAddress::of), call.limit()),
                Shown::room,
                room -> room.address().toString(),
                call.limit()));
    }

    private Answer room(Call call) {
        return Answer.tagged(
                Shown.room(register.room(call.path("address", MailAddress::of)).orElseThrow(Problem::nothingThere)));
    }

    private Answer putRoom(Call call) {
        Room wanted = new Room(
                call.path("address", MailAddress::of),
                call.body().of("name", text -> text),
                call.body().of("entity", EntityCode::new),
                call.body().of("type", Room.Type::of),
                call.body().number("capacity"),
                call.body().optional("location", text -> text).orElse(""),
                new HashSet<>(call.body().list("features", text -> text)),
                call.body().optional("opening", Opening::parse).orElse(Opening.ALWAYS),
                call.body().optional("bookers", GroupCode::new));
        call.body().end();
        Optional<Room> seen = register.room(wanted.address());
        call.demandMatch(seen.map(Shown::room));
        provisioning.room(wanted, call.ifMatch().flatMap(_ -> seen));
        return Answer.tagged(Shown.room(register.room(wanted.address()).orElseThrow(Problem::nothingThere)));
    }

    private Answer closeRoom(Call call) {
        AccountId room =
                register.roomAccount(call.path("address", MailAddress::of)).orElseThrow(Problem::nothingThere);
        provisioning.state(room, Account.State.CLOSED);
        return Answer.nothing();
    }
}
