package tg.gouv.messagerie.deploy.command;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.mail.queue.OperatedQueue;
import tg.gouv.messagerie.mail.queue.QueueAct;
import tg.gouv.messagerie.mail.queue.QueueFilter;

/** {@code queue hold|release|retry}: does it with the messages that are named, or that fit a filter. */
@Command
class QueueChange implements Callable<Integer> {
    private final Terminal terminal;
    private final QueueAct act;

    @Mixin
    private final Target target;

    @Mixin
    private final QueueFilterOptions which = new QueueFilterOptions();

    @Parameters(paramLabel = "ID", arity = "0..*", descriptionKey = "queue.ids")
    private List<UUID> ids = new ArrayList<>();

    @Option(names = "--all", descriptionKey = "queue.all")
    private boolean all;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", descriptionKey = "queue.reason")
    private String reason = "";

    QueueChange(Terminal terminal, Assembly<?, ?> assembly, QueueAct act) {
        this.terminal = terminal;
        this.act = act;
        this.target = new Target(assembly);
    }

    /** What is done. */
    QueueAct act() {
        return act;
    }

    @Override
    public Integer call() {
        QueueFilter filter = which.filter(ids);
        if (filter.equals(QueueFilter.all()) != all) {
            throw new Refusal(ExitStatus.USAGE, "queue.which");
        }
        String why = reason.strip();
        if (why.isEmpty()
                || why.length() > OperatedQueue.REASON_MAX
                || why.chars().anyMatch(Character::isISOControl)) {
            throw new Refusal(ExitStatus.USAGE, "queue.bad-reason", String.valueOf(OperatedQueue.REASON_MAX));
        }
        ControlAnswer.Changed changed = new ControlClient(target.data())
                .ask(new ControlRequest.QueueChange(act(), filter, why), ControlAnswer.Changed.class);
        terminal.say("queue.changed", String.valueOf(changed.changed()));
        if (changed.left() > 0) {
            terminal.say("queue.left", String.valueOf(changed.left()));
        }
        return ExitStatus.OK.number();
    }
}
