package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** {@code person hold}: somebody's data must not be erased. */
@Command(name = "hold")
final class PersonHold extends LifeCycleCommand {
    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", descriptionKey = "hold.reason")
    private String reason = "";

    PersonHold(Terminal terminal, Assembly<?, ?> assembly) {
        super(terminal, assembly);
    }

    @Override
    LifeCycle act() {
        return new LifeCycle.Hold(person(person), reason);
    }
}
