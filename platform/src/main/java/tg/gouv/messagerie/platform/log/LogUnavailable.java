package tg.gouv.messagerie.platform.log;

/** The log file cannot be written: the sentence tells the operator where and why. */
public final class LogUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    LogUnavailable(String sentence) {
        super(sentence);
    }

    LogUnavailable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
