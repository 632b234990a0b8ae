package tg.gouv.messagerie.deploy.command;

import java.time.LocalDate;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** {@code person depart}: a person leaves; who reads, who answers, until when. */
@Command(name = "depart")
final class PersonDepart extends LifeCycleCommand {
    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Option(names = "--until", required = true, paramLabel = "DATE", descriptionKey = "depart.until")
    private LocalDate until = LocalDate.EPOCH;

    @Option(names = "--reader", paramLabel = "PERSON", descriptionKey = "depart.reader")
    private Optional<String> reader = Optional.empty();

    @Option(names = "--answer", paramLabel = "ADDRESS", descriptionKey = "depart.answer")
    private Optional<String> answer = Optional.empty();

    PersonDepart(Terminal terminal, Assembly<?, ?> assembly) {
        super(terminal, assembly);
    }

    @Override
    LifeCycle act() {
        return new LifeCycle.Departure(
                person(person), reader.map(Named::address), answer.map(Named::address), GrantCommand.ends(until));
    }
}
