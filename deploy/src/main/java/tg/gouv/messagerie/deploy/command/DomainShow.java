package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tg.gouv.messagerie.directory.EntityCode;

/** {@code domain show}: the domains whose mail is ours, and whose each is. */
@Command(name = "show")
final class DomainShow implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    DomainShow(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        for (ControlRequest.DomainSet domain : new ControlClient(target.data())
                .ask(new ControlRequest.Domains(), ControlAnswer.DomainsListed.class)
                .domains()) {
            terminal.say(
                    domain.entity().isPresent() ? "domain.of" : "domain.of-state",
                    domain.name(),
                    domain.entity().map(EntityCode::value).orElse(""));
        }
        return ExitStatus.OK.number();
    }
}
