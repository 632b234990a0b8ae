package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code group remove}: removes a group that nothing needs. */
@Command(name = "remove")
final class GroupRemove implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "GROUP", descriptionKey = "group.code")
    private String code = "";

    GroupRemove(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlAnswer.Provisioned done = new ControlClient(target.data())
                .ask(new ControlRequest.GroupRemove(Named.group(code)), ControlAnswer.Provisioned.class);
        terminal.say(done.changed() ? "group.removed" : "life.nothing", code);
        return ExitStatus.OK.number();
    }
}
