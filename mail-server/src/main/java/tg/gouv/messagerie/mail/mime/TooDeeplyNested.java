package tg.gouv.messagerie.mail.mime;

/** A message is not taken because of how deeply it is nested. */
public final class TooDeeplyNested extends RuntimeException {
    /** How it begins to tell so. */
    public static final String SENTENCE = "The message is nested more than ";

    private static final long serialVersionUID = 1;

    /** Of a message divided more than {@link MimePart#DEPTH_MAX} times. */
    public TooDeeplyNested() {
        super(SENTENCE + MimePart.DEPTH_MAX + " levels deep");
    }
}
