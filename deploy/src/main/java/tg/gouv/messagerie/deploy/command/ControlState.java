package tg.gouv.messagerie.deploy.command;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;

/** What the program of this process answers to the command line, through its life: starting, ready, stopping. */
final class ControlState {
    /** Where the program is in its life. */
    private sealed interface Stage {
        record Starting() implements Stage {}

        record Ready(Running program, long sinceEpochSeconds) implements Stage {}

        record Stopping() implements Stage {}
    }

    private final DataDirectory data;
    private final Clock clock;
    private final Runnable end;
    private final AtomicReference<Stage> stage = new AtomicReference<>(new Stage.Starting());

    /**
     * The state of a program that is starting.
     *
     * @param end begins the orderly end; returns at once
     */
    ControlState(DataDirectory data, Clock clock, Runnable end) {
        this.data = data;
        this.clock = clock;
        this.end = end;
    }

    void ready(Running program) {
        stage.set(new Stage.Ready(program, clock.instant().getEpochSecond()));
    }

    void stopping() {
        stage.set(new Stage.Stopping());
    }

    /** Notes that somebody else than the program's user or root asked. */
    void refused(ControlRequest request, String systemUser) {
        if (stage.get() instanceof Stage.Ready(Running program, long _)) {
            program.ordered(systemUser, String.valueOf(request), false);
        }
    }

    /** Does what a system user asks, and says what was done. What changes something is in the audit trail, once there is one. */
    ControlAnswer answer(ControlRequest request, String systemUser) {
        long process = ProcessHandle.current().pid();
        return switch (request) {
            case STATUS ->
                switch (stage.get()) {
                    case Stage.Starting() -> new ControlAnswer.Starting(process);
                    case Stage.Ready(Running program, long since) ->
                        new ControlAnswer.Status(new ProgramStatus(
                                Version.ofProgram(),
                                data.path().toString(),
                                program.processes(),
                                since,
                                program.ports(),
                                program.health(),
                                program.figures()));
                    case Stage.Stopping() -> new ControlAnswer.Stopping(process);
                };
            case DOWN -> {
                if (stage.get() instanceof Stage.Ready(Running program, long _)) {
                    program.ordered(systemUser, request.line(), true);
                }
                end.run();
                yield new ControlAnswer.Stopping(process);
            }
            case UNKNOWN -> new ControlAnswer.Refused("request");
        };
    }
}
