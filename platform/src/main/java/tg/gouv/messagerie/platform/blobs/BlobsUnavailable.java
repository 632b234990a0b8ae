package tg.gouv.messagerie.platform.blobs;

/** The blob store could not do what was asked; the sentence tells the operator what and where. */
public final class BlobsUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean worthRetrying;

    /**
     * Says what happened.
     *
     * @param sentence for the operator; carries no secret and no content
     * @param worthRetrying whether the same act may succeed later without anybody changing anything
     */
    public BlobsUnavailable(String sentence, boolean worthRetrying, Throwable cause) {
        super(sentence, cause);
        this.worthRetrying = worthRetrying;
    }

    /** Whether the same act may succeed later without anybody changing anything. */
    public boolean worthRetrying() {
        return worthRetrying;
    }
}
