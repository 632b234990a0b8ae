package tg.gouv.messagerie.deploy.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code person find}: people by the beginning of their names, registration number or addresses. */
@Command(name = "find")
final class PersonFind implements Callable<Integer> {
    private static final int MOST = 1_000;

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "TEXT", descriptionKey = "find.text", arity = "1..*")
    private String[] text = {};

    @Option(names = "--entity", paramLabel = "CODE", descriptionKey = "find.entity")
    private Optional<String> entity = Optional.empty();

    @Option(names = "--max", paramLabel = "N", descriptionKey = "find.max")
    private int most = 50;

    PersonFind(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        if (most < 1 || most > MOST) {
            throw new Refusal(ExitStatus.USAGE, "find.bad-max", String.valueOf(MOST));
        }
        ControlAnswer.Found found = new ControlClient(target.data())
                .ask(
                        new ControlRequest.Find(String.join(" ", text), entity.map(Named::entity), most),
                        ControlAnswer.Found.class);
        if (found.people().isEmpty()) {
            terminal.say("find.none");
        }
        for (ControlAnswer.Found.Person person : found.people()) {
            terminal.say(
                    "find.line",
                    Terminal.printable(person.family()),
                    Terminal.printable(person.given()),
                    person.address(),
                    person.number(),
                    person.entity(),
                    person.state());
        }
        if (found.counted() > found.people().size()) {
            terminal.say(
                    "find.others", String.valueOf(found.people().size()), found.counted() + (found.more() ? "+" : ""));
        }
        return ExitStatus.OK.number();
    }
}
