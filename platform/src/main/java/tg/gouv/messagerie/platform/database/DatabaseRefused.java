package tg.gouv.messagerie.platform.database;

/** The program must not run on this database: one sentence for the operator says what, where, and what to do. */
public final class DatabaseRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DatabaseRefused(String sentence) {
        super(sentence);
    }

    public DatabaseRefused(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
