package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code administrator code}: the accounts of administrators. */
@Command(name = "administrator")
final class Administrator implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    Administrator(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
