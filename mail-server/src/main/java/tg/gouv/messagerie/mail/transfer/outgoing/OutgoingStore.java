package tg.gouv.messagerie.mail.transfer.outgoing;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Where mail to other servers waits. Any thread that may block may call; every method throws
 * {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when the store does not answer.
 */
public interface OutgoingStore {
    /**
     * A destination for which something is due that nobody works on.
     *
     * @param failures how often in a row it could not be reached
     */
    record Ready(Destination destination, int failures) {}

    /**
     * Up to so many destinations, the one that waits longest first, and those that could not be reached last; none of those that are
     * left alone for now.
     *
     * @param except destinations that are not asked for
     */
    List<Ready> ready(Instant now, Collection<Destination> except, int most);

    /** The relay, if anything at all is due and it is not left alone for now. */
    List<Ready> readyForRelay(Instant now);

    /**
     * Takes up to so many recipients of a destination that are due, by their messages; they are this node's until then.
     *
     * @param lease names the claim, and proves it to {@link #settle}
     */
    List<OutgoingMail> claim(Destination destination, int most, UUID lease, Instant now, Instant until);

    /**
     * Takes recipients that have waited so long that their senders must hear of it, due or not.
     *
     * @param warnBefore enqueued earlier, and the sender was not told
     * @param giveUpBefore enqueued earlier
     */
    List<OutgoingMail> claimOverdue(
            Destination destination,
            int most,
            UUID lease,
            Instant warnBefore,
            Instant giveUpBefore,
            Instant now,
            Instant until);

    /**
     * Writes what became of recipients; durable when this returns.
     *
     * @return false if some of them were no longer the claim's: nothing is written for these
     */
    boolean settle(Settlement settlement, Instant now);

    /** Gives back what a claim holds still, due then. */
    void giveBack(UUID lease, Instant due);

    /** Makes claims last longer. */
    void renew(Collection<UUID> leases, Instant until);

    /**
     * Notes that a destination could not be reached, and leaves it alone until then.
     *
     * @param failures how often in a row, with this time
     */
    void unreachable(Destination destination, int failures, Diagnosis why, Instant now, Instant notBefore);

    /** Notes that a destination answers. */
    void reachable(Destination destination);

    /** What waits, and for how long. */
    OutgoingFigures figures(Instant now);

    /** Calls back, from any thread, after something was enqueued or made due. */
    void onArrival(Runnable wake);

    /** Takes back what former lives of this node held. */
    void releaseFormerLives();

    /** Gives back all that this life holds. */
    void releaseAll();
}
