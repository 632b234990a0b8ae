package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * James's mailets enqueue (a redirect, an answer, a bounce) and put aside in the middle of their work. Written at once, that would be
 * written again when a crash makes the work be repeated. So while a Work is current on a thread, such writes only collect here,
 * and are committed with what ends the work: the row that says a recipient has the message (Deliveries), or the removal of
 * the mail from the queue (QueueItem.done). Only bodies are stored at once; they are rubbish until a row names them, and found as such.
 */
/** What is being processed on this thread, and what it brought forth; used by one thread at a time. */
final class Work {
    private static final Logger LOG = LoggerFactory.getLogger(Work.class);
    private static final ScopedValue<Work> CURRENT = ScopedValue.newInstance();

    /** A statement that is part of the transaction which ends the work. */
    @FunctionalInterface
    interface Write {
        void on(Connection c) throws SQLException;
    }

    private final QueueItem item;
    private final List<Write> writes = new ArrayList<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private @Nullable Exception failure;

    Work(QueueItem item) {
        this.item = item;
    }

    /** The work of the calling thread, if there is one. */
    static Optional<Work> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** Makes this the work of the calling thread as long as the call lasts. */
    <T> T during(Callable<T> call) throws Exception {
        return ScopedValue.where(CURRENT, this).call(call::call);
    }

    QueueItem item() {
        return item;
    }

    /** Adds a write, and what is to happen when it was committed. */
    void add(Write write, Runnable afterwards) {
        writes.add(write);
        this.afterwards.add(afterwards);
    }

    /** Adds what is to happen when the work is committed. */
    void afterwards(Runnable act) {
        afterwards.add(act);
    }

    /** Notes a failure that James hides from its caller: the work must not be committed. */
    void failed(Exception e) {
        failure = e;
    }

    Optional<Exception> failure() {
        return Optional.ofNullable(failure);
    }

    List<Write> writes() {
        return List.copyOf(writes);
    }

    /** Does what was to happen when the work is committed; what fails of it changes nothing about that. */
    void committed() {
        for (Runnable act : afterwards) {
            try {
                act.run();
            } catch (RuntimeException e) {
                LOG.warn("event=after-commit-failed id={}", item.id(), e);
            }
        }
        afterwards.clear();
        writes.clear();
    }

    /** Forgets what a work that failed brought forth: it is done anew from the beginning. */
    void forget() {
        writes.clear();
        afterwards.clear();
        failure = null;
    }
}
