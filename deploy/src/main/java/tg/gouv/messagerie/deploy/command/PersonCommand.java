package tg.gouv.messagerie.deploy.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** {@code person}: one person, and what becomes of them. */
@Command(name = "person")
final class PersonCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private PersonCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** With those below it. */
    static CommandLine line(Terminal terminal, Assembly<?, ?> assembly) {
        CommandLine line = new CommandLine(new PersonCommand(terminal));
        line.addSubcommand(new PersonFind(terminal, assembly));
        line.addSubcommand(new PersonLook(terminal, assembly));
        line.addSubcommand("unlock", new PersonSignIn(terminal, assembly, "unlock.done", ControlRequest.Unlock::new));
        line.addSubcommand(new PersonRename(terminal, assembly));
        line.addSubcommand("suspend", new PersonState(terminal, assembly, LifeCycle.Suspension::new));
        line.addSubcommand("depart", new PersonDepart(terminal, assembly));
        line.addSubcommand("resume", new PersonState(terminal, assembly, LifeCycle.Resumption::new));
        line.addSubcommand(new PersonRights(terminal, assembly));
        line.addSubcommand(new PersonCodes(terminal, assembly));
        line.addSubcommand(new PersonLetters(terminal, assembly));
        line.addSubcommand(PersonAddresses.line(terminal, assembly));
        line.addSubcommand(new PersonExport(terminal, assembly));
        line.addSubcommand(new PersonDevices(terminal, assembly));
        line.addSubcommand(
                "sign-out", new PersonSignIn(terminal, assembly, "sign-out.done", ControlRequest.SignOut::new));
        line.addSubcommand(
                "second-factor-off",
                new PersonSignIn(terminal, assembly, "second-factor-off.done", ControlRequest.SecondFactorOff::new));
        line.addSubcommand(new PersonAccess(terminal, assembly));
        line.addSubcommand(new PersonHold(terminal, assembly));
        line.addSubcommand("release", new PersonState(terminal, assembly, LifeCycle.HoldEnd::new));
        line.addSubcommand(new PersonErase(terminal, assembly));
        return line;
    }

    /** Alone, shows what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
