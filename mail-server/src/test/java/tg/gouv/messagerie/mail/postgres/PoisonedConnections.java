package tg.gouv.messagerie.mail.postgres;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import tg.gouv.messagerie.platform.database.Connections;

/** Connections whose use fails, however it is told to, while mail from one sender is worked on. */
public final class PoisonedConnections implements Connections {
    private final Connections living;
    private final Poison poison;

    /** The same connections. */
    public PoisonedConnections(Connections living, Poison poison) {
        this.living = living;
        this.poison = poison;
    }

    /** What fails for whose mail, and how often it did. */
    public static final class Poison {
        private final String sender;
        private final AtomicInteger taken = new AtomicInteger();
        private volatile Supplier<? extends Throwable> what = AssertionError::new;

        /** For mail from this sender. */
        public Poison(String sender) {
            this.sender = sender;
        }

        /** Fails so from now on. */
        public void is(Supplier<? extends Throwable> failure) {
            what = failure;
        }

        /** How often it was taken. */
        public int taken() {
            return taken.get();
        }

        private void take() {
            boolean its = tg.gouv.messagerie.mail.postgres.Work.current()
                    .filter(work ->
                            work.item().getMail().getMaybeSender().asString("").equals(sender))
                    .isPresent();
            if (its) {
                taken.incrementAndGet();
                throw PoisonedConnections.<RuntimeException>sneaky(what.get());
            }
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E sneaky(Throwable failure) throws E {
        throw (E) failure;
    }

    @Override
    public <T, X extends Exception> T autoCommit(Work<T, X> work) throws X {
        poison.take();
        return living.autoCommit(work);
    }

    @Override
    public <T, X extends Exception> T transaction(Work<T, X> work) throws X {
        poison.take();
        return living.transaction(work);
    }

    @Override
    public <T, X extends Exception> T together(Work<T, X> work) throws X {
        poison.take();
        return living.together(work);
    }
}
