package tg.gouv.messagerie.deploy.command;

import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.directory.imports.Imports;

/** {@code import list}: the last imports, one a line. */
@Command(name = "list")
final class ImportList implements Callable<Integer> {
    private static final int MOST = 1_000;

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Option(names = "--max", paramLabel = "N", defaultValue = "20", descriptionKey = "import.max")
    private int most;

    ImportList(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        for (Imports.Listed each : new ControlClient(target.data())
                .ask(new ControlRequest.ImportList(Math.clamp(most, 1, MOST)), ControlAnswer.ImportsListed.class)
                .imports()) {
            terminal.result("id=" + each.id() + " begun=" + each.begun().truncatedTo(ChronoUnit.SECONDS) + " kind="
                    + each.kind().name().toLowerCase(Locale.ROOT) + " state=" + each.state() + " rows=" + each.rows()
                    + " made=" + each.made() + " changed=" + each.changed() + " refused=" + each.refused()
                    + " batches=" + each.batches() + " by=" + each.askedBy() + " file=\""
                    + Terminal.printable(each.name()) + '"');
        }
        return ExitStatus.OK.number();
    }
}
