package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** A command that has an act of a life cycle done or rehearsed by the running program, and says what it changes. */
@Command
abstract class LifeCycleCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Option(names = "--dry-run", descriptionKey = "life.dry-run")
    private boolean dryRun;

    LifeCycleCommand(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    /** What the words of the command ask for. */
    abstract LifeCycle act();

    /** A person by an address, or by the registration number. */
    MailAddress person(String named) {
        String demanded = PersonExport.demand(named);
        return MailAddress.parse(demanded)
                .orElseGet(() -> new ControlClient(target.data())
                        .ask(new ControlRequest.PersonNumbered(demanded), ControlAnswer.Addressed.class)
                        .address());
    }

    @Override
    public Integer call() {
        LifeCycle.Done done = new ControlClient(target.data())
                .ask(new ControlRequest.Perform(act(), dryRun), ControlAnswer.Performed.class)
                .done();
        if (done.changes().isEmpty()) {
            terminal.say("life.nothing");
            return ExitStatus.OK.number();
        }
        terminal.say(dryRun ? "life.would" : "life.done");
        for (LifeCycle.Change change : done.changes()) {
            terminal.say(
                    "life.change-" + change.what(),
                    Terminal.printable(change.subject()),
                    Terminal.printable(change.with().orElse("")));
        }
        return ExitStatus.OK.number();
    }
}
