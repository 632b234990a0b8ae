package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** {@code hand-over}: a position and its function mailboxes pass from one person to another. */
@Command(name = "hand-over")
final class HandOver extends LifeCycleCommand {
    @Parameters(paramLabel = "POSITION", descriptionKey = "hand-over.position")
    private String position = "";

    @Option(names = "--from", required = true, paramLabel = "PERSON", descriptionKey = "hand-over.from")
    private String from = "";

    @Option(names = "--to", required = true, paramLabel = "PERSON", descriptionKey = "hand-over.to")
    private String to = "";

    HandOver(Terminal terminal, Assembly<?, ?> assembly) {
        super(terminal, assembly);
    }

    @Override
    LifeCycle act() {
        return new LifeCycle.HandOver(Named.position(position), person(from), person(to));
    }
}
