package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code audit part}: what the trail tells of a part of the State, in sentences; that an operator reads is told there too. */
@Command(name = "part")
final class AuditPart implements Callable<Integer> {
    private static final int MOST = 1_000;

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ENTITY", descriptionKey = "audit.part.entity")
    private String entity = "";

    @Option(names = "--act", paramLabel = "ACT", descriptionKey = "audit.part.act")
    private Optional<String> act = Optional.empty();

    @Option(names = "--person", paramLabel = "ADDRESS", descriptionKey = "audit.part.person")
    private Optional<String> person = Optional.empty();

    @Option(names = "--max", paramLabel = "N", descriptionKey = "audit.max")
    private int most = 100;

    AuditPart(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        if (most < 1 || most > MOST) {
            throw new Refusal(ExitStatus.USAGE, "audit.not-a-number", String.valueOf(most), String.valueOf(MOST));
        }
        List<ControlAnswer.Accessed.Entry> entries = new ControlClient(target.data())
                .ask(
                        new ControlRequest.PartAudit(Named.entity(entity), act, person.map(Named::address), most),
                        ControlAnswer.Accessed.class)
                .entries();
        if (entries.isEmpty()) {
            terminal.say("audit.part.none");
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
