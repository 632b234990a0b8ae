package tg.gouv.messagerie.deploy.command;

import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** Has an act of a life cycle done or rehearsed by the running program, and says what it changes. */
record LifeCycleLines(Terminal terminal, Target target) {
    int ask(LifeCycle act, boolean rehearsal) {
        LifeCycle.Done done = new ControlClient(target.data())
                .ask(new ControlRequest.Perform(act, rehearsal), ControlAnswer.Performed.class)
                .done();
        if (done.changes().isEmpty()) {
            terminal.say("life.nothing");
            return ExitStatus.OK.number();
        }
        terminal.say(rehearsal ? "life.would" : "life.done");
        for (LifeCycle.Change change : done.changes()) {
            terminal.say(
                    "life.change-" + change.what(),
                    Terminal.printable(change.subject()),
                    Terminal.printable(change.with().orElse("")));
        }
        return ExitStatus.OK.number();
    }
}
