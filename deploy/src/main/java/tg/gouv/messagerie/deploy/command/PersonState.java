package tg.gouv.messagerie.deploy.command;

import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** {@code person suspend|resume}: whether a person may sign in. */
@Command
final class PersonState extends LifeCycleCommand {
    private final Function<MailAddress, LifeCycle> act;

    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    PersonState(Terminal terminal, Assembly<?, ?> assembly, Function<MailAddress, LifeCycle> act) {
        super(terminal, assembly);
        this.act = act;
    }

    @Override
    LifeCycle act() {
        return act.apply(person(person));
    }
}
