package tg.gouv.messagerie.mail.transfer.outgoing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The operator's door to mail on its way to other servers. Every act is audited in its transaction, with its reason. Any thread that
 * may block may call.
 */
public interface OutgoingQueue {
    /** What an act is about. */
    sealed interface Which {
        /** A message, for all of its recipients. */
        record Mail(UUID id) implements Which {}

        /** One recipient of a message. */
        record Recipient(UUID id, String address) implements Which {}

        /** Everything for a domain. */
        record Domain(String name) implements Which {}
    }

    /** What state a recipient is in. */
    enum State {
        /** It is tried, or will be. */
        WAITING,
        /** An operator said wait. */
        HELD,
        /** It failed, and nobody could be told. */
        DEAD
    }

    /**
     * One recipient of one message.
     *
     * @param sender empty is the null reverse-path
     * @param next when it is tried next; while it is worked on, when that is given up
     * @param last what happened the last time
     */
    record Entry(
            UUID mail,
            String sender,
            String recipient,
            String destination,
            State state,
            boolean worked,
            Instant enqueued,
            Instant next,
            int attempts,
            long sizeBytes,
            Optional<Diagnosis> last) {}

    /**
     * Recipients in a steady order, page by page.
     *
     * @param domain of this one only, if given
     * @param after the last of the page before
     * @param most 1 to 1,000
     */
    List<Entry> list(Optional<String> domain, Optional<Entry> after, int most);

    /** The recipients of a message; none if it is not here. */
    List<Entry> show(UUID mail);

    /** Keeps from being tried, until released; returns for how many recipients. */
    int hold(Which which, String reason);

    /** Lets be tried again what was held; returns for how many recipients. */
    int release(Which which, String reason);

    /** Makes due now what waits or is dead, and ends the leaving alone of its destination; returns for how many recipients. */
    int retry(Which which, String reason);

    /** Removes for good; nobody is told but the audit trail. Returns for how many recipients. */
    int delete(Which which, String reason);

    /** What waits, and for how long, as it is now. */
    OutgoingFigures figures();
}
