package tg.gouv.messagerie.mail.jmap.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.james.core.Username;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.Owners;
import tg.gouv.messagerie.platform.database.Connections;

/** The connections as James's reactive repositories use them: each call has a virtual thread, once somebody subscribes. */
final class JmapConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JmapConnections.class);

    /** Longer than a statement may take. */
    private static final Duration CLOSING_MAX = Duration.ofSeconds(35);

    private final Connections connections;
    private final Owners owners;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("jmap-store-", 0).factory());
    private final Scheduler scheduler = Schedulers.fromExecutor(threads);

    JmapConnections(Connections connections, Owners owners) {
        this.connections = connections;
        this.owners = owners;
    }

    /** The account's id, if the name is an account's; never asked while a connection is held. */
    Optional<UUID> find(Username user) {
        return owners.byName(user.asString()).map(AccountId::value);
    }

    /** The account's id, of somebody who must have one. */
    UUID demand(Username user) {
        return find(user)
                .orElseThrow(() -> new IllegalArgumentException("No account has the address " + user.asString()));
    }

    /** The present names of accounts that exist. */
    List<Username> names(List<UUID> accounts) {
        return owners.names(accounts.stream().map(AccountId::new).toList()).values().stream()
                .map(Username::of)
                .toList();
    }

    <T> T run(Connections.Work<T, RuntimeException> work) {
        return connections.autoCommit(work);
    }

    <T> T transaction(Connections.Work<T, RuntimeException> work) {
        return connections.transaction(work);
    }

    <T> Mono<T> later(Callable<T> call) {
        return Mono.fromCallable(call).subscribeOn(scheduler);
    }

    <T> Flux<T> laterEach(Callable<List<T>> call) {
        return later(call).flatMapIterable(list -> list);
    }

    Mono<Void> laterDone(Runnable call) {
        return Mono.<Void>fromRunnable(call).subscribeOn(scheduler);
    }

    /** Lets the work that was begun end, for a bounded time. */
    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=jmap-store-interrupted after={}", CLOSING_MAX);
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
