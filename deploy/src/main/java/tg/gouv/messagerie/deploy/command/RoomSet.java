package tg.gouv.messagerie.deploy.command;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.Room;

/** {@code room set}: makes a room or a thing that is lent, or says otherwise what it is and who books it. */
@Command(name = "set")
final class RoomSet implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ADDRESS", descriptionKey = "room.address")
    private String address = "";

    @Option(names = "--name", required = true, paramLabel = "NAME", descriptionKey = "room.name")
    private String name = "";

    @Option(names = "--entity", required = true, paramLabel = "ENTITY", descriptionKey = "room.entity")
    private String entity = "";

    @Option(names = "--resource", descriptionKey = "room.resource")
    private boolean resource;

    @Option(names = "--capacity", paramLabel = "N", descriptionKey = "room.capacity")
    private Optional<Integer> capacity = Optional.empty();

    @Option(names = "--location", paramLabel = "TEXT", descriptionKey = "room.location")
    private String location = "";

    @Option(names = "--feature", paramLabel = "WORD", descriptionKey = "room.feature")
    private List<String> features = List.of();

    @Option(names = "--open", paramLabel = "HOURS", descriptionKey = "room.open")
    private String opening = "";

    @Option(names = "--bookers", paramLabel = "GROUP", descriptionKey = "room.bookers")
    private Optional<String> bookers = Optional.empty();

    RoomSet(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        Room room = new Room(
                Named.address(address),
                name,
                Named.entity(entity),
                resource ? Room.Type.RESOURCE : Room.Type.ROOM,
                capacity.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                location,
                new HashSet<>(features),
                hours(opening),
                bookers.map(Named::group));
        ControlAnswer.Provisioned done =
                new ControlClient(target.data()).ask(ControlRequest.RoomSet.of(room), ControlAnswer.Provisioned.class);
        terminal.say(done.changed() ? "room.done" : "life.nothing", room.address());
        return ExitStatus.OK.number();
    }

    private static Opening hours(String text) {
        try {
            return Opening.parse(text);
        } catch (IllegalArgumentException _) {
            throw new Refusal(ExitStatus.USAGE, "room.bad-hours", Terminal.printable(text));
        }
    }
}
