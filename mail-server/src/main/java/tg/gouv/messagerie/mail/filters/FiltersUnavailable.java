package tg.gouv.messagerie.mail.filters;

/** Filters cannot be read or written now. */
final class FiltersUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    FiltersUnavailable(Exception cause) {
        super(cause);
    }
}
