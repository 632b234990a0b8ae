package tg.gouv.messagerie.mail.postgres;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.exception.MailboxException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The connections as James's mappers use them: failures are {@link MailUnavailable}, reactive calls have a virtual thread each. */
final class MailConnections implements AutoCloseable {
    private final Connections connections;
    private final StoreThreads threads;
    private final @Nullable MailboxSession session;

    MailConnections(Connections connections) {
        this(connections, new StoreThreads("mail-store"), null);
    }

    private MailConnections(Connections connections, StoreThreads threads, @Nullable MailboxSession session) {
        this.connections = connections;
        this.threads = threads;
        this.session = session;
    }

    /** The same, on which changes are made on the {@link StateCondition} that a session carries. */
    MailConnections through(MailboxSession of) {
        return new MailConnections(connections, threads, of);
    }

    /** Runs one statement. */
    <T> T run(Connections.Work<T, MailboxException> work) throws MailboxException {
        try {
            return connections.autoCommit(work);
        } catch (StoreUnavailable e) {
            throw new MailUnavailable(e);
        }
    }

    /** Runs one statement that changes something. */
    <T> T change(Connections.Work<T, MailboxException> work) throws MailboxException {
        return StateCondition.of(session).isPresent() ? transaction(work) : run(work);
    }

    /** Runs statements that change something and commit together. */
    <T> T transaction(Connections.Work<T, MailboxException> work) throws MailboxException {
        Optional<StateCondition> condition = StateCondition.of(session);
        return condition.isPresent() ? condition.get().run(this::unconditional, work) : unconditional(work);
    }

    private <T> T unconditional(Connections.Work<T, MailboxException> work) throws MailboxException {
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
