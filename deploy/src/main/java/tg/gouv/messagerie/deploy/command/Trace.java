package tg.gouv.messagerie.deploy.command;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.mail.trace.MessageTrace;
import tg.gouv.messagerie.mail.trace.TraceQuestion;
import tg.gouv.messagerie.mail.trace.TracedMail;

/** {@code trace}: what became of a message: when it came and from where, each delivery, what it brought forth; never its content. */
@Command(name = "trace")
final class Trace implements Callable<Integer> {
    /** Who writes to whom on which day is asked about far more often than what was a month ago. */
    private static final String SINCE = "1d";

    private final Terminal terminal;
    private final Clock clock;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ID", arity = "0..1", descriptionKey = "trace.id")
    private Optional<String> id = Optional.empty();

    @Option(names = "--sender", paramLabel = "ADDRESS", descriptionKey = "trace.sender")
    private Optional<String> sender = Optional.empty();

    @Option(names = "--recipient", paramLabel = "ADDRESS", descriptionKey = "trace.recipient")
    private Optional<String> recipient = Optional.empty();

    @Option(names = "--since", paramLabel = "AGE", descriptionKey = "trace.since")
    private Optional<String> since = Optional.empty();

    @Option(names = "--max", paramLabel = "N", descriptionKey = "trace.max")
    private int most = 20;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    Trace(Terminal terminal, Clock clock, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.clock = clock;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        if (id.isEmpty() && sender.isEmpty() && recipient.isEmpty()) {
            throw new Refusal(ExitStatus.USAGE, "trace.which");
        }
        if (most < 1 || most > TracedMail.MOST) {
            throw new Refusal(
                    ExitStatus.USAGE, "audit.not-a-number", String.valueOf(most), String.valueOf(TracedMail.MOST));
        }
        Instant from = id.isPresent() && since.isEmpty()
                ? Instant.EPOCH
                : clock.instant().minus(QueueFilterOptions.age(since.orElse(SINCE)));
        List<MessageTrace> traces = new ControlClient(target.data())
                .ask(
                        new ControlRequest.Trace(new TraceQuestion(id, sender, recipient, from), most),
                        ControlAnswer.Traced.class)
                .traces();
        if (traces.isEmpty()) {
            throw new Refusal(ExitStatus.NO_INPUT, "trace.nothing");
        }
        traces.forEach(this::show);
        return ExitStatus.OK.number();
    }

    private void show(MessageTrace trace) {
        if (json) {
            terminal.result(ControlJson.line(trace));
            return;
        }
        if (trace.steps().stream().anyMatch(step -> step.outcome() == MessageTrace.Outcome.REFUSED)) {
            terminal.say(
                    "trace.refused",
                    QueueLines.time(trace.accepted()),
                    terminal.texts().text("trace.door." + trace.door().orElse("program")),
                    printable(trace.client()),
                    printable(trace.account()),
                    trace.sender().isEmpty() ? "<>" : Terminal.printable(trace.sender()),
                    printable(trace.recipients().stream().findFirst()),
                    printable(trace.steps().getFirst().detail()));
            return;
        }
        terminal.say("trace.message", trace.id().toString(), trace.name(), printable(trace.messageId()));
        terminal.say(
                "trace.accepted",
                QueueLines.time(trace.accepted()),
                terminal.texts().text("trace.door." + trace.door().orElse("program")),
                printable(trace.client()),
                printable(trace.account()),
                String.valueOf(trace.sizeBytes()));
        trace.parent().ifPresent(parent -> terminal.say("trace.parent", parent.toString()));
        int others = trace.recipientCount() - trace.recipients().size();
        terminal.say(
                "trace.envelope",
                trace.sender().isEmpty() ? "<>" : Terminal.printable(trace.sender()),
                Terminal.printable(String.join(", ", trace.recipients())) + (others > 0 ? " (+" + others + ")" : ""));
        trace.steps().forEach(this::show);
    }

    private void show(MessageTrace.Step step) {
        terminal.say(
                "trace.step",
                QueueLines.time(step.at()),
                terminal.texts().text("trace.outcome." + step.outcome().name().toLowerCase(Locale.ROOT)),
                printable(step.recipient()),
                step.detail().map(it -> " (" + Terminal.printable(it) + ")").orElse(""));
    }

    private static String printable(Optional<String> text) {
        return text.map(Terminal::printable).orElse("-");
    }
}
