package tg.gouv.messagerie.platform.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What waits for the commit of the transaction in which the current thread works: wake-ups, never anything that must happen. */
public final class AfterCommit {
    private static final ScopedValue<AfterCommit> CURRENT = ScopedValue.newInstance();

    private final List<Runnable> waiting = new ArrayList<>();

    AfterCommit() {}

    /**
     * Runs this when the transaction that the current thread is in was committed, and never if it is undone; at once if it is in
     * none. It is lost if the process dies in between.
     */
    public static void run(Runnable wakeUp) {
        Optional<AfterCommit> transaction = CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
        transaction.ifPresentOrElse(it -> it.waiting.add(wakeUp), wakeUp);
    }

    /** Runs a transaction's work, during which wake-ups are kept. */
    <T, X extends Throwable> T during(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }

    /** Says that the transaction was committed, and its connection given back. */
    void committed() {
        waiting.forEach(Runnable::run);
    }
}
