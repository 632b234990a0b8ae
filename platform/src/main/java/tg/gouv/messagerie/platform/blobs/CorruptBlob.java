package tg.gouv.messagerie.platform.blobs;

/** An object's bytes no longer have the SHA-256 they were stored with; the object is kept as it is, for the operator. */
public final class CorruptBlob extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CorruptBlob(String sentence) {
        super(sentence);
    }

    public CorruptBlob(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
