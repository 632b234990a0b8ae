package tg.gouv.messagerie.deploy.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.Domain;

/** {@code domain set}: makes the mail of a domain ours, or says whose it is. */
@Command(name = "set")
final class DomainSet implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "DOMAIN", descriptionKey = "domain.name")
    private String name = "";

    @Option(names = "--entity", paramLabel = "ENTITY", descriptionKey = "domain.entity")
    private Optional<String> entity = Optional.empty();

    DomainSet(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        Domain domain = new Domain(name, entity.map(Named::entity));
        ControlAnswer.Provisioned done = new ControlClient(target.data())
                .ask(new ControlRequest.DomainSet(domain.name(), domain.entity()), ControlAnswer.Provisioned.class);
        terminal.say(done.changed() ? "domain.done" : "life.nothing", domain.name());
        return ExitStatus.OK.number();
    }
}
