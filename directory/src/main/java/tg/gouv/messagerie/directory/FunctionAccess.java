package tg.gouv.messagerie.directory;

/** What a holder may do with a function mailbox. */
public enum FunctionAccess {
    /** Reads, and sends in the function's name. */
    HOLDER,
    /** Reads only. */
    READER
}
