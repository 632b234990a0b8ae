package tg.gouv.messagerie.deploy;

import tg.gouv.messagerie.deploy.command.Commands;

/** The program. */
public final class Messagerie {
    private Messagerie() {}

    /** Runs the command that the arguments name, and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.exit(Commands.run(new ProgramAssembly(), arguments));
    }
}
