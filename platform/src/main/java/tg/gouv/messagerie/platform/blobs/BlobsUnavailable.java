package tg.gouv.messagerie.platform.blobs;

/** The blob store could not do what was asked; the sentence tells the operator what and where. */
public final class BlobsUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BlobsUnavailable(String sentence) {
        super(sentence);
    }

    public BlobsUnavailable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
