package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code group}: groups of people. */
@Command(name = "group")
final class GroupCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private GroupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** With those below it. */
    static CommandLine line(Terminal terminal, Assembly<?, ?> assembly) {
        CommandLine line = new CommandLine(new GroupCommand(terminal));
        line.addSubcommand(new GroupSet(terminal, assembly));
        line.addSubcommand(new GroupShow(terminal, assembly));
        line.addSubcommand(new GroupRemove(terminal, assembly));
        return line;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
