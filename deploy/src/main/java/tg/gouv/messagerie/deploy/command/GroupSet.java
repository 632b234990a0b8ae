package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.Member;

/** {@code group set}: makes a group, or gives it another name, entity or members. */
@Command(name = "set")
final class GroupSet implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "GROUP", descriptionKey = "group.code")
    private String code = "";

    @Option(names = "--name", required = true, paramLabel = "NAME", descriptionKey = "group.name")
    private String name = "";

    @Option(names = "--entity", required = true, paramLabel = "ENTITY", descriptionKey = "group.entity")
    private String entity = "";

    @Option(names = "--member", paramLabel = "MEMBER", descriptionKey = "group.member")
    private List<String> members = List.of();

    GroupSet(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        members.forEach(GroupSet::demand);
        ControlAnswer.Provisioned done = new ControlClient(target.data())
                .ask(
                        new ControlRequest.GroupSet(Named.group(code), name, Named.entity(entity), members),
                        ControlAnswer.Provisioned.class);
        terminal.say(done.changed() ? "group.done" : "life.nothing", code);
        return ExitStatus.OK.number();
    }

    private static void demand(String member) {
        try {
            Member.of(member);
        } catch (IllegalArgumentException _) {
            throw new Refusal(ExitStatus.USAGE, "group.bad-member", Terminal.printable(member));
        }
    }
}
