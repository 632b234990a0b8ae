package tg.gouv.messagerie.mail.postgres;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.james.mailbox.exception.MailboxException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The connections as James's mappers use them: failures are {@link MailUnavailable}, reactive calls have a virtual thread each. */
final class MailConnections implements AutoCloseable {
    private final Connections connections;
    private final StoreThreads threads = new StoreThreads("mail-store");

    MailConnections(Connections connections) {
        this.connections = connections;
    }

    /** Runs one statement. */
    <T> T run(Connections.Work<T, MailboxException> work) throws MailboxException {
        try {
            return connections.autoCommit(work);
        } catch (StoreUnavailable e) {
            throw new MailUnavailable(e);
        }
    }

    /** Runs statements that commit together. */
    <T> T transaction(Connections.Work<T, MailboxException> work) throws MailboxException {
        try {
            return connections.transaction(work);
        } catch (StoreUnavailable e) {
            throw new MailUnavailable(e);
        }
    }

    /** Calls on a virtual thread when somebody subscribes. */
    <T> Mono<T> later(Callable<T> call) {
        return threads.later(call);
    }

    /** The same for a list, element by element. */
    <T> Flux<T> laterEach(Callable<? extends List<T>> call) {
        return threads.laterEach(call);
    }

    Scheduler scheduler() {
        return threads.scheduler();
    }

    @Override
    public void close() {
        threads.close();
    }
}
