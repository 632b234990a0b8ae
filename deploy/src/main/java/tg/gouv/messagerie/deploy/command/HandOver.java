package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** {@code hand-over}: a position and its function mailboxes pass from one person to another. */
@Command(name = "hand-over")
final class HandOver implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "POSITION", descriptionKey = "hand-over.position")
    private String position = "";

    @Option(names = "--from", required = true, paramLabel = "PERSON", descriptionKey = "hand-over.from")
    private String from = "";

    @Option(names = "--to", required = true, paramLabel = "PERSON", descriptionKey = "hand-over.to")
    private String to = "";

    @Option(names = "--dry-run", descriptionKey = "life.dry-run")
    private boolean dryRun;

    HandOver(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        return new LifeCycleLines(terminal, target)
                .ask(new LifeCycle.HandOver(Named.position(position), Named.address(from), Named.address(to)), dryRun);
    }
}
