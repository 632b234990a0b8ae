package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code audit verify|list|part}: the audit trail, looked at beside the program that writes it, or asked of it. */
@Command(name = "audit")
final class Audit implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    Audit(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
