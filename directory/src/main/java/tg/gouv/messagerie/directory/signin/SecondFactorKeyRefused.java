package tg.gouv.messagerie.directory.signin;

/** The key of second factors may not be used, or cannot be kept; the sentence is for the operator and says what to do. */
public final class SecondFactorKeyRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says why. */
    public SecondFactorKeyRefused(String sentence) {
        super(sentence);
    }

    /** Says why, and because of what. */
    public SecondFactorKeyRefused(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
