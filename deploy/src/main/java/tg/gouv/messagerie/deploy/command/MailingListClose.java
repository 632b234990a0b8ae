package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mailing-list close}: the list's address delivers no more; nobody else gets it. */
@Command(name = "close")
final class MailingListClose implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ADDRESS", descriptionKey = "mailing-list.address")
    private String address = "";

    MailingListClose(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlAnswer.Provisioned done = new ControlClient(target.data())
                .ask(new ControlRequest.MailingListClose(Named.address(address)), ControlAnswer.Provisioned.class);
        terminal.say(done.changed() ? "mailing-list.closed" : "life.nothing", address);
        return ExitStatus.OK.number();
    }
}
