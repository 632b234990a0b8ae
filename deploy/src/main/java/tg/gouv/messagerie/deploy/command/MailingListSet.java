package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.MailingLists.Writers;

/** {@code mailing-list set}: makes a mailing list, or gives it another group, owner or other writers. */
@Command(name = "set")
final class MailingListSet implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ADDRESS", descriptionKey = "mailing-list.address")
    private String address = "";

    @Option(names = "--group", required = true, paramLabel = "GROUP", descriptionKey = "mailing-list.group")
    private String group = "";

    @Option(names = "--owner", required = true, paramLabel = "ADDRESS", descriptionKey = "mailing-list.owner")
    private String owner = "";

    @Option(names = "--writers", paramLabel = "WHO", defaultValue = "state", descriptionKey = "mailing-list.writers")
    private String writers = "";

    MailingListSet(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlAnswer.Provisioned done = new ControlClient(target.data())
                .ask(
                        new ControlRequest.MailingListSet(
                                Named.address(address), Named.group(group), writers(), Named.address(owner)),
                        ControlAnswer.Provisioned.class);
        terminal.say(done.changed() ? "mailing-list.done" : "life.nothing", address, group);
        return ExitStatus.OK.number();
    }

    private Writers writers() {
        try {
            return Writers.of(writers);
        } catch (IllegalArgumentException _) {
            throw new Refusal(ExitStatus.USAGE, "mailing-list.bad-writers", Terminal.printable(writers));
        }
    }
}
