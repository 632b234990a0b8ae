package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Where James's reactive calls wait for PostgreSQL: each has a virtual thread, once somebody subscribes. */
public final class StoreThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreThreads.class);

    /** Longer than a statement may take. */
    private static final Duration CLOSING_MAX = Duration.ofSeconds(35);

    private final String store;
    private final ExecutorService threads;

    /** Trampolining: the tasks of one worker, such as the pages of one reader, run one after the other. */
    private final Scheduler scheduler;

    /** Threads that are named after a store. */
    public StoreThreads(String store) {
        this.store = store;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(store + "-", 0).factory());
        this.scheduler = Schedulers.fromExecutor(threads, true);
    }

    /** Calls when somebody subscribes. */
    public <T> Mono<T> later(Callable<T> call) {
        return Mono.fromCallable(call).subscribeOn(scheduler);
    }

    /** The same for a list, element by element. */
    public <T> Flux<T> laterEach(Callable<? extends List<T>> call) {
        return later(call).flatMapIterable(list -> list);
    }

    /** The same for what returns nothing. */
    public Mono<Void> laterDone(Runnable call) {
        return Mono.<Void>fromRunnable(call).subscribeOn(scheduler);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Lets the work that was begun end, for a bounded time; then it is interrupted. */
    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=store-interrupted store={} after={}", store, CLOSING_MAX);
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
