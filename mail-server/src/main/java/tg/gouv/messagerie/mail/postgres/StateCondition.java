package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.james.jmap.api.change.State;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.exception.MailboxException;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.Connections.Work;

/*
 * James makes each change of a call in a transaction of its own. The first one looks at the state under the account's lock, which every
 * change of the account takes, and changes before the lock is given back; the call's other changes wait for it. If the state is
 * another, none of them is made. What others change between the first and the last, RFC 8620 section 5.3 leaves open: each
 * object is an atomic unit, the call is none.
 */
/**
 * The state in which an account must be when a call changes it (RFC 8620 section 5.3, ifInState); carried by the session of that call.
 */
public final class StateCondition {
    private static final String ATTRIBUTE = StateCondition.class.getName();

    /** Which state. */
    public enum Kind {
        /** That of Email/get. */
        EMAILS,
        /** That of Mailbox/get. */
        MAILBOXES
    }

    private enum Phase {
        NOT_LOOKED_AT,
        HELD,
        BROKEN
    }

    private final JmapStates states;
    private final UUID owner;
    private final Kind kind;
    private final State expected;
    private final ReentrantLock first = new ReentrantLock();
    private Phase phase = Phase.NOT_LOOKED_AT;

    StateCondition(JmapStates states, UUID owner, Kind kind, State expected) {
        this.states = states;
        this.owner = owner;
        this.kind = kind;
        this.expected = expected;
    }

    /** Changes through this session are made on this condition from now on. */
    public void through(MailboxSession session) {
        session.getAttributes().put(ATTRIBUTE, this);
    }

    /** Changes through this session are made on no condition any more. */
    public static void none(MailboxSession session) {
        session.getAttributes().remove(ATTRIBUTE);
    }

    /** Whether the account was in another state, and nothing was changed. */
    public boolean isBroken() {
        first.lock();
        try {
            return phase == Phase.BROKEN;
        } finally {
            first.unlock();
        }
    }

    static Optional<StateCondition> of(@Nullable MailboxSession session) {
        return Optional.ofNullable(session)
                .map(each -> each.getAttributes().get(ATTRIBUTE))
                .map(StateCondition.class::cast);
    }

    /** A transaction in which a call changes something. */
    @FunctionalInterface
    interface Transaction {
        <T> T run(Work<T, MailboxException> work) throws MailboxException;
    }

    /** Runs a change if the account was in that state before the call's first one. */
    <T> T run(Transaction transaction, Work<T, MailboxException> change) throws MailboxException {
        first.lock();
        try {
            if (phase == Phase.BROKEN) {
                throw new OtherState();
            }
            if (phase == Phase.NOT_LOOKED_AT) {
                T result = transaction.run(c -> {
                    demand(c);
                    return change.on(c);
                });
                phase = Phase.HELD;
                return result;
            }
        } finally {
            first.unlock();
        }
        return transaction.run(change);
    }

    private void demand(Connection c) throws SQLException, MailboxException {
        JmapStates.Account account = JmapStates.lock(c, owner);
        State own = kind == Kind.EMAILS ? account.emailState() : account.mailboxState();
        if (!own.equals(expected) && !states.withShared(c, owner, kind, own).equals(expected)) {
            phase = Phase.BROKEN;
            throw new OtherState();
        }
    }

    /** What James takes for a failure of each object of the call. */
    static final class OtherState extends MailboxException {
        private static final long serialVersionUID = 1;

        OtherState() {
            super("The state is another than ifInState");
        }
    }
}
