package tg.gouv.messagerie.platform.tls;

/** The server cannot show this identity: one sentence for the operator says what, where, and what to do. */
public final class TlsRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TlsRefused(String sentence) {
        super(sentence);
    }

    public TlsRefused(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
