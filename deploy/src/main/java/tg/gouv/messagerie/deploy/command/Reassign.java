package tg.gouv.messagerie.deploy.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** {@code reassign}: a person takes another position. */
@Command(name = "reassign")
final class Reassign implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Option(names = "--to", required = true, paramLabel = "POSITION", descriptionKey = "reassign.to")
    private String takes = "";

    @Option(names = "--from", paramLabel = "POSITION", descriptionKey = "reassign.from")
    private Optional<String> leaves = Optional.empty();

    @Option(names = "--dry-run", descriptionKey = "life.dry-run")
    private boolean dryRun;

    Reassign(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        return new LifeCycleLines(terminal, target)
                .ask(
                        new LifeCycle.Reassignment(
                                Named.address(person), leaves.map(Named::position), Named.position(takes)),
                        dryRun);
    }
}
