package tg.gouv.messagerie.mail.postgres;

import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * Unchecked: James 3.8.1 takes every MailboxException of a mapper for something wrong with the mailbox, and answers NO without saying
 * that the same command may succeed in a minute, or leaves the message out and says OK.
 */
/** Mailboxes cannot be asked or changed now; the message is for clients, the cause for operators. */
public final class MailUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** PostgreSQL did not do what was asked. */
    MailUnavailable(StoreUnavailable cause) {
        super("The mailbox store does not answer", cause);
    }

    /** The blob store did not. */
    MailUnavailable(BlobsUnavailable cause) {
        super("The message bodies cannot be reached", cause);
    }
}
