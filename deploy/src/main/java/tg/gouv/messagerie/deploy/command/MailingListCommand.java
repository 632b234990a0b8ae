package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mailing-list}: addresses that deliver to a group. */
@Command(name = "mailing-list")
final class MailingListCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private MailingListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** With those below it. */
    static CommandLine line(Terminal terminal, Assembly<?, ?> assembly) {
        CommandLine line = new CommandLine(new MailingListCommand(terminal));
        line.addSubcommand(new MailingListSet(terminal, assembly));
        line.addSubcommand(new MailingListClose(terminal, assembly));
        return line;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
