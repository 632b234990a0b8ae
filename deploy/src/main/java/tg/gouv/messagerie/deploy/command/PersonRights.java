package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;

/** {@code person rights}: what a person may do, by themselves and by their positions. */
@Command(name = "rights")
final class PersonRights implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    PersonRights(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlAnswer.HeldRights held = new ControlClient(target.data())
                .ask(new ControlRequest.RightsOf(Named.address(person)), ControlAnswer.HeldRights.class);
        if (held.grants().isEmpty()) {
            terminal.say("rights.none");
        }
        for (Rights.Given given : held.grants()) {
            terminal.say(
                    "rights.line",
                    given.id().toString(),
                    given.rights().stream().map(Right::word).sorted().collect(Collectors.joining(",")),
                    given.entity().orElse(terminal.texts().text("rights.state")),
                    given.holder(),
                    given.until().map(QueueLines::time).orElse("-"),
                    given.accountsMax().isPresent()
                            ? String.valueOf(given.accountsMax().getAsInt())
                            : "-",
                    Terminal.printable(given.by()));
        }
        return ExitStatus.OK.number();
    }
}
