package tg.gouv.messagerie.deploy.command;

import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.imports.Imports;

/** {@code export people|entities|positions}: all of them, as CSV that changes nothing when it is imported. */
@Command(name = "export")
final class Export implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "people|entities|positions", descriptionKey = "export.what")
    private Imports.Kind what = Imports.Kind.PEOPLE;

    Export(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlAnswer.Exported exported = new ControlClient(target.data())
                .converse(
                        new ControlRequest.Export(what),
                        InputStream.nullInputStream(),
                        heard -> {
                            if (heard instanceof ControlAnswer.Lines lines) {
                                lines.lines().forEach(terminal.out()::print);
                            }
                        },
                        ControlAnswer.Exported.class);
        terminal.out().flush();
        String done = "export.done." + what.name().toLowerCase(Locale.ROOT);
        terminal.complain(terminal.texts().text(done, exported.people()));
        return ExitStatus.OK.number();
    }
}
