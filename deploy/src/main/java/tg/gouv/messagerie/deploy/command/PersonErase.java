package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** {@code person erase}: everything that is kept of somebody who has left goes. */
@Command(name = "erase")
final class PersonErase extends LifeCycleCommand {
    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Option(names = "--now", descriptionKey = "erase.now")
    private boolean now;

    PersonErase(Terminal terminal, Assembly<?, ?> assembly) {
        super(terminal, assembly);
    }

    @Override
    LifeCycle act() {
        return new LifeCycle.Erasure(person(person), now);
    }
}
