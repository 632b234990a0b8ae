package tg.gouv.messagerie.mail.queue;

/**
 * What came of an act.
 *
 * @param changed for how many messages it was done
 * @param left how many of those that were meant it does not concern, such as what is being worked on just then
 */
public record QueueActed(int changed, int left) {
    /** Both together. */
    public QueueActed plus(QueueActed other) {
        return new QueueActed(changed + other.changed, left + other.left);
    }
}
