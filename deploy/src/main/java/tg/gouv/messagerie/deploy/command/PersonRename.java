package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.PersonName;

/** {@code person rename}: gives a person another name and primary address. */
@Command(name = "rename")
final class PersonRename implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Option(names = "--given", required = true, paramLabel = "NAME", descriptionKey = "person.given")
    private String given = "";

    @Option(names = "--family", required = true, paramLabel = "NAME", descriptionKey = "person.family")
    private String family = "";

    @Option(names = "--address", required = true, paramLabel = "ADDRESS", descriptionKey = "person.address")
    private String address = "";

    @Option(names = "--dry-run", descriptionKey = "life.dry-run")
    private boolean dryRun;

    PersonRename(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        return new LifeCycleLines(terminal, target)
                .ask(
                        new LifeCycle.Renaming(
                                Named.address(person), new PersonName(given, family), Named.address(address)),
                        dryRun);
    }
}
