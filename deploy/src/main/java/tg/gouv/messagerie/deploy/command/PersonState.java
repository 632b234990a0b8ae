package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** {@code person suspend|resume}: whether a person may sign in. */
@Command
final class PersonState implements Callable<Integer> {
    private final Terminal terminal;
    private final Function<MailAddress, LifeCycle> act;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Option(names = "--dry-run", descriptionKey = "life.dry-run")
    private boolean dryRun;

    PersonState(Terminal terminal, Assembly<?, ?> assembly, Function<MailAddress, LifeCycle> act) {
        this.terminal = terminal;
        this.act = act;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        return new LifeCycleLines(terminal, target).ask(act.apply(Named.address(person)), dryRun);
    }
}
