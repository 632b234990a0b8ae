package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code status}: is mail flowing? */
@Command(name = "status")
final class Status implements Callable<Integer> {
    private final Terminal terminal;
    private final Clock clock;

    @Mixin
    private final Target target;

    Status(Terminal terminal, Clock clock, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.clock = clock;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        Path data = target.data();
        return switch (new ControlClient(data).ask(ControlRequest.STATUS)) {
            case ControlAnswer.Status(ProgramStatus status) -> show(status);
            case ControlAnswer.Starting(long process) ->
                throw new Refusal(ExitStatus.TRY_AGAIN, "status.starting", data, String.valueOf(process));
            case ControlAnswer.Stopping(long process) ->
                throw new Refusal(ExitStatus.TRY_AGAIN, "status.stopping", data, String.valueOf(process));
            case ControlAnswer.Refused(String reason) ->
                throw new Refusal(ExitStatus.NOT_PERMITTED, "control.refused." + reason, data);
        };
    }

    private int show(ProgramStatus status) {
        terminal.say(status.isHealthy() ? "status.flows" : "status.does-not-flow");
        Duration ready = Duration.between(Instant.ofEpochSecond(status.readySinceEpochSeconds()), clock.instant());
        terminal.say("status.program", status.version(), status.data(), readable(ready));
        terminal.say("status.processes", named(status.processes()));
        terminal.say("status.ports", named(status.ports()));
        status.figures()
                .forEach((figure, count) ->
                        terminal.say("status." + figure.name().toLowerCase(Locale.ROOT), count));
        for (Map.Entry<String, Boolean> part : status.health().entrySet()) {
            if (!part.getValue()) {
                terminal.say("status.ill", part.getKey());
            }
        }
        return (status.isHealthy() ? ExitStatus.OK : ExitStatus.UNAVAILABLE).number();
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
