package tg.gouv.messagerie.mail.filters;

/** A client sent what is no ManageSieve. */
final class Malformed extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean last;

    private Malformed(String message, boolean last) {
        super(message);
        this.last = last;
    }

    /** The command is refused; the next one can be read. */
    static Malformed command(String message) {
        return new Malformed(message, false);
    }

    /** What follows cannot be told apart any more: the connection ends. */
    static Malformed connection(String message) {
        return new Malformed(message, true);
    }

    boolean isLast() {
        return last;
    }
}
