package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.MailAddress;

/** {@code room remove}: nobody books it any more. */
@Command(name = "remove")
final class RoomRemove implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ADDRESS", descriptionKey = "room.address")
    private String address = "";

    RoomRemove(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        MailAddress room = Named.address(address);
        ControlAnswer.Provisioned done = new ControlClient(target.data())
                .ask(new ControlRequest.RoomRemove(room), ControlAnswer.Provisioned.class);
        terminal.say(done.changed() ? "room.removed" : "life.nothing", room);
        return ExitStatus.OK.number();
    }
}
