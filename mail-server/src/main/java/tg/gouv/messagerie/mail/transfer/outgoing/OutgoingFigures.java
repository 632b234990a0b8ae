package tg.gouv.messagerie.mail.transfer.outgoing;

import java.time.Duration;

/**
 * Mail to other servers, in recipients.
 *
 * @param queued everybody who waits, tried or not
 * @param deferred those of them for whom it failed at least once
 * @param held by an operator
 * @param dead failed, and nobody could be told
 * @param oldest for how long the longest of those who wait has waited
 * @param delivered since this node started
 * @param failed since this node started
 */
public record OutgoingFigures(
        long queued, long deferred, long held, long dead, Duration oldest, long delivered, long failed) {
    /** Before anything was counted, and where nothing is sent. */
    public static final OutgoingFigures NOTHING = new OutgoingFigures(0, 0, 0, 0, Duration.ZERO, 0, 0);
}
