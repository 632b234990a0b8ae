package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code room}: rooms, and things that are lent. */
@Command(name = "room")
final class RoomCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private RoomCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** With those below it. */
    static CommandLine line(Terminal terminal, Assembly<?, ?> assembly) {
        CommandLine line = new CommandLine(new RoomCommand(terminal));
        line.addSubcommand(new RoomSet(terminal, assembly));
        line.addSubcommand(new RoomShow(terminal, assembly));
        line.addSubcommand(new RoomRemove(terminal, assembly));
        return line;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
