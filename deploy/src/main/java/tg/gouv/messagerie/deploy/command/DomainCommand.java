package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code domain}: the domains whose mail is ours. */
@Command(name = "domain")
final class DomainCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private DomainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** With those below it. */
    static CommandLine line(Terminal terminal, Assembly<?, ?> assembly) {
        CommandLine line = new CommandLine(new DomainCommand(terminal));
        line.addSubcommand(new DomainSet(terminal, assembly));
        line.addSubcommand(new DomainShow(terminal, assembly));
        return line;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
