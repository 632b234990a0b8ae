package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.MailAddress;

/** {@code person address add|remove}: a further address of a person. */
@Command
final class PersonAddress implements Callable<Integer> {
    private final Terminal terminal;
    private final boolean add;

    @Mixin
    private final Target target;

    @Parameters(index = "0", paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Parameters(index = "1", paramLabel = "ADDRESS", descriptionKey = "address.further")
    private String address = "";

    PersonAddress(Terminal terminal, Assembly<?, ?> assembly, boolean add) {
        this.terminal = terminal;
        this.target = new Target(assembly);
        this.add = add;
    }

    @Override
    public Integer call() {
        MailAddress further = Named.address(address);
        ControlAnswer.Provisioned done = new ControlClient(target.data())
                .ask(
                        new ControlRequest.PersonAddress(PersonExport.demand(person), further, add),
                        ControlAnswer.Provisioned.class);
        terminal.say(done.changed() ? add ? "address.added" : "address.removed" : "life.nothing", further);
        return ExitStatus.OK.number();
    }
}
