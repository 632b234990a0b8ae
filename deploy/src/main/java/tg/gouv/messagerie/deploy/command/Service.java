package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

/**
 * Runs a program on its data directory, from the first stage of its start to the orderly end.
 *
 * @param <R> the running program
 */
final class Service<R extends Running> {
    /** What happens around the program's life, beside the program itself. */
    interface Occasion<R> {
        /** The directory is taken, nothing runs yet. */
        void begins(DataDirectory data);

        /** Every part runs. */
        void ready(DataDirectory data, R program, Stages stages);

        /** Nothing runs any more. */
        void over(DataDirectory data);
    }

    private final Terminal terminal;
    private final Clock clock;
    private final Duration endWithin;
    private final boolean rehearsal;

    /**
     * Runs programs.
     *
     * @param endWithin how long the parts may take to close
     * @param rehearsal whether the program ends as soon as it is ready
     */
    Service(Terminal terminal, Clock clock, Duration endWithin, boolean rehearsal) {
        this.terminal = terminal;
        this.clock = clock;
        this.endWithin = endWithin;
        this.rehearsal = rehearsal;
    }

    /**
     * Starts the program on a directory that was taken for it, and returns when somebody asked for its end and every part is
     * closed, or when somebody asked for the end of a start.
     */
    void run(DataDirectory data, Function<Stages, R> start, Occasion<R> occasion) {
        Lifetime lifetime = Lifetime.ofThisThread(endWithin);
        ControlState state = new ControlState(data, clock, lifetime::end);
        try (ControlServer _ = ControlServer.open(data, state)) {
            occasion.begins(data);
            serve(data, start, occasion, state, lifetime);
            occasion.over(data);
        } catch (IOException e) {
            throw new Refusal(
                    ExitStatus.INPUT_OUTPUT, "control.cannot-listen", data.path(), String.valueOf(e.getMessage()));
        } finally {
            lifetime.ended();
        }
    }

    private void serve(
            DataDirectory data,
            Function<Stages, R> start,
            Occasion<R> occasion,
            ControlState state,
            Lifetime lifetime) {
        Stages stages = new StageScreen(terminal);
        try (R program = start.apply(stages)) {
            occasion.ready(data, program, stages);
            System.gc(); // gives the memory that only the start needed back to the machine
            state.ready(program);
            if (rehearsal) {
                lifetime.end();
            }
            lifetime.awaitEnd();
            state.stopping();
            terminal.say("up.stopping");
        } catch (RuntimeException e) {
            if (!lifetime.isEndAsked()) {
                throw e;
            }
            terminal.say("up.stopped-while-starting");
        }
    }
}
