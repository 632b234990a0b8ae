package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code down}: stops the running program in good order, and returns when its process is gone. */
@Command(name = "down", aliases = "stop")
final class Down implements Callable<Integer> {
    /** Longer than the program itself takes before it gives up waiting for its parts. */
    private static final Duration GONE_WITHIN = Lifetime.USUALLY_WITHIN.plusSeconds(2);

    private final Terminal terminal;

    @Mixin
    private final Target target;

    Down(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() throws InterruptedException {
        Path data = target.data();
        if (!DataDirectory.isTaken(data)) {
            terminal.say("down.nothing-runs", data);
            return ExitStatus.OK.number();
        }
        long begun = System.nanoTime();
        return switch (new ControlClient(data).ask(new ControlRequest.Down())) {
            case ControlAnswer.Stopping(long process) -> {
                awaitGone(process);
                Duration took = Duration.ofNanos(System.nanoTime() - begun);
                terminal.say(
                        "down.stopped",
                        StageScreen.seconds(took, terminal.texts().locale()).strip());
                yield ExitStatus.OK.number();
            }
            case ControlAnswer.Starting _,
                    ControlAnswer.Status _,
                    ControlAnswer.Declined _,
                    ControlAnswer.NotProvisioned _,
                    ControlAnswer.NotImported _,
                    ControlAnswer.OfReady _ ->
                throw new IllegalStateException("down is answered by stopping or a refusal");
            case ControlAnswer.Refused(String reason) ->
                throw new Refusal(ExitStatus.NOT_PERMITTED, "control.refused." + reason, data);
        };
    }

    private static void awaitGone(long process) throws InterruptedException {
        try {
            var running = ProcessHandle.of(process);
            if (running.isPresent()) {
                running.get().onExit().get(GONE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            throw new Refusal(ExitStatus.TRY_AGAIN, "down.still-there", String.valueOf(process));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
