package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.GroupCode;

/** {@code room show}: what a room is, and who books it. */
@Command(name = "show")
final class RoomShow implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ADDRESS", descriptionKey = "room.address")
    private String address = "";

    RoomShow(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlRequest.RoomSet room = new ControlClient(target.data())
                .ask(new ControlRequest.RoomShow(Named.address(address)), ControlAnswer.RoomShown.class)
                .room();
        terminal.say("room.is", room.address(), Terminal.printable(room.name()), room.entity());
        room.capacity().ifPresent(it -> terminal.say("room.places", String.valueOf(it)));
        if (!room.location().isEmpty()) {
            terminal.say("room.where", Terminal.printable(room.location()));
        }
        room.features().stream().sorted().forEach(it -> terminal.say("room.has", Terminal.printable(it)));
        terminal.say(room.opening().isEmpty() ? "room.always" : "room.hours", room.opening());
        terminal.say(
                room.bookers().isEmpty() ? "room.everybody" : "room.group",
                room.bookers().map(GroupCode::value).orElse(""));
        return ExitStatus.OK.number();
    }
}
