package tg.gouv.messagerie.deploy.command;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** {@code reassign}: a person takes another position. */
@Command(name = "reassign")
final class Reassign extends LifeCycleCommand {
    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Option(names = "--to", required = true, paramLabel = "POSITION", descriptionKey = "reassign.to")
    private String takes = "";

    @Option(names = "--from", paramLabel = "POSITION", descriptionKey = "reassign.from")
    private Optional<String> leaves = Optional.empty();

    Reassign(Terminal terminal, Assembly<?, ?> assembly) {
        super(terminal, assembly);
    }

    @Override
    LifeCycle act() {
        return new LifeCycle.Reassignment(person(person), leaves.map(Named::position), Named.position(takes));
    }
}
