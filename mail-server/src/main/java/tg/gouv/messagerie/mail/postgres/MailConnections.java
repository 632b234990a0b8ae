package tg.gouv.messagerie.mail.postgres;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.james.mailbox.exception.MailboxException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/**
 * The connections of role mail as James's interfaces want them: failures are {@link MailboxException}s, and what James asks
 * reactively is blocking work on a virtual thread of its own.
 */
final class MailConnections implements AutoCloseable {
    private final Connections connections;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("mail-store-", 0).factory());

    // As a mere executor: of an executor service Reactor interrupts the thread of work whose result came, while what
    // follows
    // the result runs on it already; an interrupt closes PostgreSQL's socket.
    private final Scheduler scheduler = Schedulers.fromExecutor(threads::execute);

    MailConnections(Connections connections) {
        this.connections = connections;
    }

    /** Each statement is its own transaction. */
    <T> T run(Connections.Work<T, MailboxException> work) throws MailboxException {
        try {
            return connections.autoCommit(work);
        } catch (StoreUnavailable | BlobsUnavailable e) {
            throw new MailboxException("the mailbox store does not answer", e);
        }
    }

    /** All statements are one transaction. */
    <T> T transaction(Connections.Work<T, MailboxException> work) throws MailboxException {
        try {
            return connections.transaction(work);
        } catch (StoreUnavailable | BlobsUnavailable e) {
            throw new MailboxException("the mailbox store does not answer", e);
        }
    }

    <T> Mono<T> mono(Connections.Work<T, MailboxException> work) {
        return later(() -> run(work));
    }

    <T> Flux<T> flux(Connections.Work<List<T>, MailboxException> work) {
        return mono(work).flatMapIterable(rows -> rows);
    }

    /** Runs what blocks, on a virtual thread. */
    <T> Mono<T> later(Callable<T> work) {
        return Mono.fromCallable(work).subscribeOn(scheduler);
    }

    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdownNow();
    }
}
