package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code person access}: who has opened a person's account; that an operator looks is told there too. */
@Command(name = "access")
final class PersonAccess implements Callable<Integer> {
    private static final int MOST = 1_000;

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Option(names = "--limit", paramLabel = "N", descriptionKey = "access.limit")
    private int most = 50;

    PersonAccess(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        if (most < 1 || most > MOST) {
            throw new Refusal(ExitStatus.USAGE, "access.bad-limit", String.valueOf(MOST));
        }
        List<ControlAnswer.Accessed.Entry> entries = new ControlClient(target.data())
                .ask(new ControlRequest.Access(Named.address(person), most), ControlAnswer.Accessed.class)
                .entries();
        if (entries.isEmpty()) {
            terminal.say("access.none");
        }
        boolean french = terminal.texts().locale().getLanguage().equals(Locale.FRENCH.getLanguage());
        for (ControlAnswer.Accessed.Entry entry : entries) {
            terminal.say(
                    "access.line",
                    QueueLines.time(entry.from()),
                    String.valueOf(entry.times()),
                    Terminal.printable(french ? entry.french() : entry.english()));
        }
        return ExitStatus.OK.number();
    }
}
