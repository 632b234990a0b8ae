package tg.gouv.messagerie.mail.postgres;

/** A row of {@code account_counter}: where every change in an account's mailboxes takes its number, and the account's lock. */
final class AccountCounter {
    private static final String OF_MAILBOX = " where owner_id = (select owner_id from mailbox where id = ?)";

    private static final String NEXT = "update account_counter set highest_modseq = highest_modseq + 1, ";

    private static final String EMAILS = "emails = highest_modseq + 1";

    private static final String MAILBOXES = "mailboxes = highest_modseq + 1";

    private static final String RETURNING = " returning highest_modseq as modseq";

    private static final String EMAILS_AND_COUNTS = NEXT + EMAILS + ", " + MAILBOXES + OF_MAILBOX;

    /** Takes a {@code modseq} for messages that come into a mailbox; for a CTE, as the next ones are. */
    static final String MESSAGES_CAME = EMAILS_AND_COUNTS + RETURNING;

    /** The same for a delivery, unless the CTE {@code d} found that it must not be. */
    static final String MESSAGE_DELIVERED = EMAILS_AND_COUNTS + " and exists (select from d)" + RETURNING;

    /** The same for messages that leave a mailbox, if there is any in the CTE {@code gone}. */
    static final String MESSAGES_WENT = EMAILS_AND_COUNTS + " and exists (select from gone)" + RETURNING;

    /** The same for a mailbox that goes with all that is in it. */
    static final String MAILBOX_WENT = EMAILS_AND_COUNTS + RETURNING;

    /** The same for flags that change; the first parameter tells whether unseen messages become more or fewer. */
    static final String FLAGS_CHANGED = NEXT + EMAILS
            + ", mailboxes = case when ? then highest_modseq + 1 else mailboxes end" + OF_MAILBOX + RETURNING;

    /** The same for a mailbox's own name, rights or subscription. */
    static final String MAILBOX_CHANGED = NEXT + MAILBOXES + OF_MAILBOX + RETURNING;

    /** The same for the mailbox that the CTE {@code b} found, if it found one. */
    static final String MAILBOX_FOUND_CHANGED =
            NEXT + MAILBOXES + " where owner_id = (select owner_id from b)" + RETURNING;

    /** The same for a mailbox that is made; its owner may have none before. */
    static final String MAILBOX_MADE =
            "insert into account_counter as a (owner_id, highest_modseq, mailboxes) values (?, 1, 1)"
                    + " on conflict (owner_id) do update set highest_modseq = a.highest_modseq + 1, mailboxes = a.highest_modseq + 1"
                    + RETURNING;

    private AccountCounter() {}
}
