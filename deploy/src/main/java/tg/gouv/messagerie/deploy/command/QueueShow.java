package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.mail.queue.QueuedMessage;

/** {@code queue show}: the envelope of a message on its way and how it fares; never its content. */
@Command(name = "show")
final class QueueShow implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ID", descriptionKey = "queue.id")
    private UUID id = new UUID(0, 0);

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    QueueShow(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        List<QueuedMessage> messages = new ControlClient(target.data())
                .ask(new ControlRequest.QueueShow(id), ControlAnswer.Queued.class)
                .messages();
        if (messages.isEmpty()) {
            throw new Refusal(ExitStatus.NO_INPUT, "queue.not-there", id.toString());
        }
        messages.forEach(new QueueLines(terminal, json)::whole);
        return ExitStatus.OK.number();
    }
}
