package tg.gouv.messagerie.deploy.command;

import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code revoke}: takes a grant back, and all that was given by it. */
@Command(name = "revoke")
final class RevokeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ID", descriptionKey = "revoke.id")
    private UUID id = new UUID(0, 0);

    RevokeCommand(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlAnswer.Revoked revoked =
                new ControlClient(target.data()).ask(new ControlRequest.Revoke(id), ControlAnswer.Revoked.class);
        terminal.say(revoked.served() ? "revoke.done" : "revoke.over", id.toString());
        return ExitStatus.OK.number();
    }
}
