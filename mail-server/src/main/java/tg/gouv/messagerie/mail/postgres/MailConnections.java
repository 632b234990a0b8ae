package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.james.mailbox.exception.MailboxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The connections as James's mappers use them: failures are {@link MailboxException}, reactive calls have a virtual thread each. */
final class MailConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailConnections.class);

    /** Longer than a statement may take. */
    private static final Duration CLOSING_MAX = Duration.ofSeconds(35);

    private final Connections connections;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("mail-store-", 0).factory());

    /** Trampolining: the tasks of one worker, such as the pages of one reader, run one after the other. */
    private final Scheduler scheduler = Schedulers.fromExecutor(threads, true);

    MailConnections(Connections connections) {
        this.connections = connections;
    }

    /** Runs one statement. */
    <T> T run(Connections.Work<T, MailboxException> work) throws MailboxException {
        try {
            return connections.autoCommit(work);
        } catch (StoreUnavailable e) {
            throw failed(e);
        }
    }

    /** Runs statements that commit together. */
    <T> T transaction(Connections.Work<T, MailboxException> work) throws MailboxException {
        try {
            return connections.transaction(work);
        } catch (StoreUnavailable e) {
            throw failed(e);
        }
    }

    /** Calls on a virtual thread when somebody subscribes. */
    <T> Mono<T> later(Callable<T> call) {
        return Mono.fromCallable(call).subscribeOn(scheduler);
    }

    /** The same for a list, element by element. */
    <T> Flux<T> laterEach(Callable<? extends List<T>> call) {
        return later(call).flatMapIterable(list -> list);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** What James's clients are told when the world failed; the operator reads the cause. */
    static MailboxException failed(StoreUnavailable e) {
        return new MailboxException("The mailbox store does not answer", e);
    }

    static MailboxException failed(BlobsUnavailable e) {
        return new MailboxException("The message bodies cannot be reached", e);
    }

    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("mailbox store: work is left after {}; it is interrupted", CLOSING_MAX);
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
