package tg.gouv.messagerie.deploy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A part that is started while others are. */
final class Beside<T> implements AutoCloseable {
    private final CompletableFuture<T> part = new CompletableFuture<>();

    private final Consumer<T> close;

    private Beside(Consumer<T> close) {
        this.close = close;
    }

    static <T> Beside<T> start(String name, Supplier<T> start, Consumer<T> close) {
        Beside<T> beside = new Beside<>(close);
        Thread.ofPlatform().name("start-" + name).start(() -> {
            try {
                beside.part.complete(start.get());
            } catch (Throwable failure) { // whoever waits for the part is told
                beside.part.completeExceptionally(failure);
            }
        });
        return beside;
    }

    /** The part, when it has started; what it threw, if it did not. */
    T get() {
        try {
            return part.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        T started;
        try {
            started = part.join();
        } catch (CompletionException e) {
            return; // told by get
        }
        close.accept(started);
    }
}
