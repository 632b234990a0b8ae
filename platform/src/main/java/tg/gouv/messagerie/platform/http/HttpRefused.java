package tg.gouv.messagerie.platform.http;

/** The server cannot listen: one sentence for the operator says what, where, and what to do. */
public final class HttpRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public HttpRefused(String sentence) {
        super(sentence);
    }

    public HttpRefused(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
