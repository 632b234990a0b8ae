package tg.gouv.messagerie.mail.james;

/** The mail server cannot start, and trying again without a change will not help; nothing is left running. */
public final class MailRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    MailRefused(Exception cause) {
        super("The mail server cannot start: " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        Throwable deepest = cause;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    }
}
