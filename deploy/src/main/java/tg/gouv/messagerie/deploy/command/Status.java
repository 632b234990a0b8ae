package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status}: is mail flowing? */
@Command(name = "status")
final class Status implements Callable<Integer> {
    private static final Duration AGAIN_AFTER = Duration.ofMillis(300);

    private final Terminal terminal;
    private final Clock clock;

    @Mixin
    private final Target target;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    @Option(names = "--wait", paramLabel = "AGE", descriptionKey = "status.wait")
    private Optional<String> wait = Optional.empty();

    Status(Terminal terminal, Clock clock, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.clock = clock;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() throws InterruptedException {
        Path data = target.data();
        Instant late = clock.instant().plus(wait.map(QueueFilterOptions::age).orElse(Duration.ZERO));
        while (true) {
            try {
                return ask(data);
            } catch (Refusal e) {
                boolean mayStart = e.status() == ExitStatus.TRY_AGAIN || e.status() == ExitStatus.UNAVAILABLE;
                if (!mayStart || !clock.instant().isBefore(late)) {
                    throw e;
                }
                Thread.sleep(AGAIN_AFTER);
            }
        }
    }

    private int ask(Path data) {
        return switch (new ControlClient(data).ask(new ControlRequest.Status())) {
            case ControlAnswer.Status(ProgramStatus status) -> show(status);
            case ControlAnswer.Starting(long process) ->
                throw new Refusal(ExitStatus.TRY_AGAIN, "status.starting", data, String.valueOf(process));
            case ControlAnswer.Stopping(long process) ->
                throw new Refusal(ExitStatus.TRY_AGAIN, "status.stopping", data, String.valueOf(process));
            case ControlAnswer.Refused(String reason) ->
                throw new Refusal(ExitStatus.NOT_PERMITTED, "control.refused." + reason, data);
            case ControlAnswer.OfReady _,
                    ControlAnswer.Declined _,
                    ControlAnswer.NotProvisioned _,
                    ControlAnswer.NotImported _ -> throw new IllegalStateException("status is answered by a status");
        };
    }

    private int show(ProgramStatus status) {
        if (json) {
            terminal.result(ControlJson.line(new Told(status.word(), status.alarming(), status)));
        } else {
            tell(status);
        }
        return switch (status.word()) {
            case FLOWS -> ExitStatus.OK.number();
            case DEGRADED -> ExitStatus.DEGRADED.number();
            case DOWN -> ExitStatus.UNAVAILABLE.number();
        };
    }

    /** What scripts read. */
    private record Told(ProgramStatus.Word word, List<Running.Figure> alarming, ProgramStatus status) {}

    private void tell(ProgramStatus status) {
        terminal.say(
                switch (status.word()) {
                    case FLOWS -> "status.flows";
                    case DEGRADED -> "status.degraded";
                    case DOWN -> "status.does-not-flow";
                });
        for (Map.Entry<String, Boolean> part : status.health().entrySet()) {
            if (!part.getValue()) {
                terminal.say("status.ill", part.getKey());
            }
        }
        List<Running.Figure> alarming = status.alarming();
        alarming.forEach(figure ->
                terminal.say("status.look", figure(figure, status.figures().getOrDefault(figure, 0L))));
        Duration ready = Duration.between(Instant.ofEpochSecond(status.readySinceEpochSeconds()), clock.instant());
        terminal.say("status.program", status.version(), status.data(), readable(ready));
        terminal.say("status.processes", named(status.processes()));
        terminal.say("status.ports", named(status.ports()));
        status.figures().entrySet().stream()
                .filter(figure -> !alarming.contains(figure.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(figure -> terminal.result(figure(figure.getKey(), figure.getValue())));
    }

    private String figure(Running.Figure figure, long value) {
        String key = "status." + figure.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return terminal.texts().text(key, value);
    }

    private static String named(Map<String, ? extends Number> numbers) {
        return numbers.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    /** The two largest units: {@code 3 j 4 h}, {@code 12 min 5 s}. */
    private String readable(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        String key = seconds < 3600 ? "duration.minutes" : seconds < 86_400 ? "duration.hours" : "duration.days";
        return terminal.texts().text(key, seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    }
}
