package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.mail.queue.OperatedQueue;
import tg.gouv.messagerie.mail.queue.QueueFilter;
import tg.gouv.messagerie.mail.queue.QueuedMessage;

/** {@code queue list}: mail on its way, the oldest first, a line each. */
@Command(name = "list")
final class QueueList implements Callable<Integer> {
    private static final int LINES_MAX = 1_000_000;

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Mixin
    private final QueueFilterOptions which = new QueueFilterOptions();

    @Option(names = "--after", paramLabel = "ID", descriptionKey = "queue.after")
    private Optional<UUID> after = Optional.empty();

    @Option(names = "--max", paramLabel = "N", descriptionKey = "queue.max")
    private int most = 100;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    QueueList(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        if (most < 1 || most > LINES_MAX) {
            throw new Refusal(ExitStatus.USAGE, "audit.not-a-number", String.valueOf(most), String.valueOf(LINES_MAX));
        }
        ControlClient program = new ControlClient(target.data());
        QueueFilter filter = which.filter(List.of());
        QueueLines lines = new QueueLines(terminal, json);
        Optional<UUID> last = after;
        int left = most;
        while (left > 0) {
            int page = Math.min(left, OperatedQueue.PAGE_MAX);
            List<QueuedMessage> messages = program.ask(
                            new ControlRequest.QueueList(filter, last, page), ControlAnswer.Queued.class)
                    .messages();
            messages.forEach(lines::line);
            if (messages.size() < page) {
                return ExitStatus.OK.number();
            }
            last = Optional.of(messages.getLast().id());
            left -= page;
        }
        last.ifPresent(id -> terminal.complain(terminal.texts().text("queue.more", id.toString())));
        return ExitStatus.OK.number();
    }
}
