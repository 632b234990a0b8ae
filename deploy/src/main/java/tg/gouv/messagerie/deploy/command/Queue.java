package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tg.gouv.messagerie.mail.queue.QueueAct;

/** {@code queue list|show|hold|release|retry|delete}: mail on its way, and what an operator does with it. */
@Command(name = "queue")
final class Queue implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Queue(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command with those below it. */
    static CommandLine line(Terminal terminal, Assembly<?, ?> assembly) {
        CommandLine line = new CommandLine(new Queue(terminal));
        line.addSubcommand(new QueueList(terminal, assembly));
        line.addSubcommand(new QueueShow(terminal, assembly));
        line.addSubcommand("hold", new QueueChange(terminal, assembly, QueueAct.HOLD));
        line.addSubcommand("release", new QueueChange(terminal, assembly, QueueAct.RELEASE));
        line.addSubcommand("retry", new QueueChange(terminal, assembly, QueueAct.RETRY));
        line.addSubcommand(new QueueDelete(terminal, assembly));
        return line;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
