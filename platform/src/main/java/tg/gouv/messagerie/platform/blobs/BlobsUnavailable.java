package tg.gouv.messagerie.platform.blobs;

/** The blob store could not do what was asked; the sentence tells the operator what and where. */
public final class BlobsUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean worthRetrying;
    private final boolean full;

    /**
     * Says what happened.
     *
     * @param sentence for the operator; carries no secret and no content
     * @param worthRetrying whether the same act may succeed later without anybody changing anything
     */
    public BlobsUnavailable(String sentence, boolean worthRetrying, Throwable cause) {
        this(sentence, worthRetrying, false, cause);
    }

    /**
     * The same, and whether it happened because there is no room.
     *
     * @param full whether the same act succeeds once there is room
     */
    BlobsUnavailable(String sentence, boolean worthRetrying, boolean full, Throwable cause) {
        super(sentence, cause);
        this.worthRetrying = worthRetrying;
        this.full = full;
    }

    /** Whether there was no room: nothing large can be stored, everything can be read. */
    public boolean isFull() {
        return full;
    }

    /** Whether the same act may succeed later without anybody changing anything. */
    public boolean worthRetrying() {
        return worthRetrying;
    }
}
