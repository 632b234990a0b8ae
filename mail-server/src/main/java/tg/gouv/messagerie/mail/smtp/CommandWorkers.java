package tg.gouv.messagerie.mail.smtp;

import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.NonStickyEventExecutorGroup;
import io.netty.util.concurrent.UnorderedThreadPoolEventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The virtual threads on which commands are worked on, so that an event loop never waits for a password hash or for
 * PostgreSQL; the commands of one connection are worked on one after the other.
 */
public final class CommandWorkers implements AutoCloseable {
    private final EventExecutorGroup threads;

    /**
     * Makes the threads.
     *
     * @param most how many commands at once, over all connections
     */
    public CommandWorkers(int most) {
        this.threads = new NonStickyEventExecutorGroup(new UnorderedThreadPoolEventExecutor(
                most, Thread.ofVirtual().name("mail-command-", 0).factory()));
    }

    /** What a pipeline runs its last handler on. */
    public EventExecutorGroup threads() {
        return threads;
    }

    @Override
    public void close() {
        var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
