package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.PersonName;

/** {@code person rename}: gives a person another name and primary address. */
@Command(name = "rename")
final class PersonRename extends LifeCycleCommand {
    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Option(names = "--given", required = true, paramLabel = "NAME", descriptionKey = "person.given")
    private String given = "";

    @Option(names = "--family", required = true, paramLabel = "NAME", descriptionKey = "person.family")
    private String family = "";

    @Option(names = "--address", required = true, paramLabel = "ADDRESS", descriptionKey = "person.address")
    private String address = "";

    PersonRename(Terminal terminal, Assembly<?, ?> assembly) {
        super(terminal, assembly);
    }

    @Override
    LifeCycle act() {
        return new LifeCycle.Renaming(person(person), new PersonName(given, family), Named.address(address));
    }
}
