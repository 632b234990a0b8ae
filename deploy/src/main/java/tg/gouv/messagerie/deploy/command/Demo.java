package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet;

/** {@code demo thunderbird|tour}: what to do with a demonstration that runs. */
@Command(name = "demo")
final class Demo implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Demo(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine line(Terminal terminal, Assembly<?, ?> assembly) {
        CommandLine line = new CommandLine(new Demo(terminal));
        line.addSubcommand(new DemoThunderbird(terminal, assembly));
        line.addSubcommand(new DemoTour(terminal, assembly));
        return line;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }

    /** The sheet of the demonstration that runs. */
    static ConnectionSheet sheet(Target target) {
        try {
            return ConnectionSheet.of(target.data())
                    .orElseThrow(() -> new Refusal(ExitStatus.UNAVAILABLE, "demo.none", target.data()));
        } catch (IOException e) {
            throw new Refusal(ExitStatus.DATA, "demo.sheet-unreadable", String.valueOf(e.getMessage()));
        }
    }
}
