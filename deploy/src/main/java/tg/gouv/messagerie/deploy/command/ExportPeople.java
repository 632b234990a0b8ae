package tg.gouv.messagerie.deploy.command;

import java.io.InputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code export people}: everybody who has a registration number, as CSV that can be imported again. */
@Command(name = "export")
final class ExportPeople implements Callable<Integer> {
    /** What can be read out. */
    private enum What {
        PEOPLE
    }

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "people", descriptionKey = "export.what")
    private What what = What.PEOPLE;

    ExportPeople(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        return switch (what) {
            case PEOPLE -> people();
        };
    }

    private int people() {
        ControlAnswer.Exported exported = new ControlClient(target.data())
                .converse(
                        new ControlRequest.ExportPeople(),
                        InputStream.nullInputStream(),
                        heard -> {
                            if (heard instanceof ControlAnswer.Lines lines) {
                                lines.lines().forEach(terminal.out()::print);
                            }
                        },
                        ControlAnswer.Exported.class);
        terminal.out().flush();
        terminal.complain(terminal.texts().text("export.done", exported.people()));
        return ExitStatus.OK.number();
    }
}
