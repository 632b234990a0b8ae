package tg.gouv.messagerie.mail.queue;

import java.time.Duration;

/**
 * How mail was flowing when it was looked at last, a few seconds ago.
 *
 * @param waiting messages whose turn it is, tried or not
 * @param delayed messages that failed and are tried again later
 * @param held messages that an operator holds
 * @param aside messages that were given up and wait for an operator
 * @param oldest for how long the longest of those that wait or are delayed has waited
 * @param deliveredLately deliveries of the last five minutes, by every node
 */
public record MailFlow(long waiting, long delayed, long held, long aside, Duration oldest, long deliveredLately) {
    /** Nothing was seen yet. */
    public static final MailFlow NOTHING = new MailFlow(0, 0, 0, 0, Duration.ZERO, 0);
}
