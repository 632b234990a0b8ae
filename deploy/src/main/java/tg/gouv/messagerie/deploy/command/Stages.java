package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.function.Function;

/** The stages of a start, as whoever waits for it sees them. */
public interface Stages {
    /** The work of a stage. */
    @FunctionalInterface
    interface Work<T> {
        T run();
    }

    /**
     * Runs a stage, then tells its name, its seconds and its details.
     *
     * @param name the key {@code stage.<name>} of the texts; {@code stage.<name>.detail} says more, if it exists
     * @param details what that sentence names
     */
    <T> T run(String name, Work<T> work, Function<T, List<Object>> details);

    /** Runs a stage of whose result nothing is told. */
    default <T> T run(String name, Work<T> work) {
        return run(name, work, _ -> List.of());
    }
}
