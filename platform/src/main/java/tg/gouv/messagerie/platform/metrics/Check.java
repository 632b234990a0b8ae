package tg.gouv.messagerie.platform.metrics;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One part's question about its health; a part that does not answer is not asked again until it did. */
final class Check {
    private static final Logger LOG = LoggerFactory.getLogger(Check.class);

    private final String name;
    private final BooleanSupplier works;
    private CompletableFuture<Boolean> answer = CompletableFuture.completedFuture(true);
    private State last = State.WELL;

    Check(String name, BooleanSupplier works) {
        this.name = name;
        this.works = works;
    }

    /** Asks, unless the last question is still open. */
    synchronized void start() {
        if (answer.isDone()) {
            CompletableFuture<Boolean> next = new CompletableFuture<>();
            answer = next;
            Thread.ofVirtual().name("health-" + name).start(() -> ask(next));
        }
    }

    /** The answer, or that there was none until {@code deadline} of {@link System#nanoTime}. */
    State await(long deadline) {
        CompletableFuture<Boolean> asked;
        synchronized (this) {
            asked = answer;
        }
        State state;
        try {
            state = asked.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                    ? State.WELL
                    : State.UNWELL;
        } catch (TimeoutException e) {
            state = State.SILENT;
        } catch (ExecutionException e) {
            state = State.UNWELL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            state = State.SILENT;
        }
        tell(state);
        return state;
    }

    private void ask(CompletableFuture<Boolean> next) {
        try {
            next.complete(works.getAsBoolean());
        } catch (RuntimeException e) {
            LOG.warn("event=health-check-failed check={} reason=\"{}\"", name, e.toString());
            next.complete(false);
        }
    }

    private synchronized void tell(State state) {
        if (state != last) {
            last = state;
            LOG.warn("event=health-changed check={} state={}", name, state.word());
        }
    }

    /** What a part said. */
    enum State {
        WELL("well"),
        UNWELL("unwell"),
        /** It did not answer in time. */
        SILENT("silent");

        private final String word;

        State(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
