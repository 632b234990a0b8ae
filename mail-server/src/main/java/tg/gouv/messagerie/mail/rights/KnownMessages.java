package tg.gouv.messagerie.mail.rights;

import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.model.MailboxId;

/**
 * The messages of which a client knows that was told of some (RFC 9051 section 7.4.1); carried by its session. A search finds no
 * others: what came since is told first.
 */
@FunctionalInterface
public interface KnownMessages {
    /** Whether the client may hear of a message. */
    boolean knows(MailboxId mailbox, MessageUid uid);

    /** Makes the session carry it, instead of what it carried before. */
    default void through(MailboxSession session) {
        session.getAttributes().put(KnownMessages.class.getName(), this);
    }

    /** What the client of a session knows: everything, if nothing is said. */
    static KnownMessages of(MailboxSession session) {
        return session.getAttributes().get(KnownMessages.class.getName()) instanceof KnownMessages known
                ? known
                : (_, _) -> true;
    }
}
