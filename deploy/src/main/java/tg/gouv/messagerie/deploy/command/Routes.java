package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code routes show|dead-letters|replay}: work between the parts of the running program. */
@Command(name = "routes")
final class Routes implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    Routes(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
