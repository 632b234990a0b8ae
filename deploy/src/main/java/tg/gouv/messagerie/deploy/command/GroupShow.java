package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code group show}: who is to be in a group, and who is in it now. */
@Command(name = "show")
final class GroupShow implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "GROUP", descriptionKey = "group.code")
    private String code = "";

    GroupShow(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlAnswer.GroupShown group = new ControlClient(target.data())
                .ask(new ControlRequest.GroupShow(Named.group(code)), ControlAnswer.GroupShown.class);
        terminal.say("group.is", code, Terminal.printable(group.name()), group.entity());
        group.members().forEach(member -> terminal.say("group.named", Terminal.printable(member)));
        terminal.say(
                group.more() ? "group.now-first" : "group.now",
                String.valueOf(group.now().size()));
        group.now().forEach(terminal::result);
        return ExitStatus.OK.number();
    }
}
