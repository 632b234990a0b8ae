package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * An account's row of account_counter is locked before the rows of mailbox_counter, in the same statement: the sub-select that
 * counts the locked accounts is evaluated before the first counter is read.
 */
/** A row of {@code mailbox_counter}: what is derived of a mailbox, and its lock. */
record Counter(long lastUid, long highestModSeq, long messages, long unseen, long recentFromUid) {
    static final String COLUMNS = "last_uid, highest_modseq, messages, unseen, recent_from_uid";

    /** Of a mailbox that does not exist. */
    static final Counter NONE = new Counter(0, 0, 0, 0, 1);

    private static final String LOCK = "with a as materialized ("
            + "select from account_counter where owner_id in (select owner_id from mailbox where id = any(?))"
            + " order by owner_id for update)"
            + " select " + COLUMNS + " from mailbox_counter"
            + " where mailbox_id = any(?) and (select count(*) from a) > 0 order by mailbox_id for update";

    static Counter read(ResultSet row) throws SQLException {
        return new Counter(
                row.getLong("last_uid"),
                row.getLong("highest_modseq"),
                row.getLong("messages"),
                row.getLong("unseen"),
                row.getLong("recent_from_uid"));
    }

    static Optional<Counter> of(Connection c, long mailbox) throws SQLException {
        return Sql.first(c, Counter::read, "select " + COLUMNS + " from mailbox_counter where mailbox_id = ?", mailbox);
    }

    /** Takes the locks of mailboxes and of their accounts, in ascending order; those that do not exist are passed over. */
    static void lock(Connection c, Long... mailboxes) throws SQLException {
        Long[] distinct = Arrays.stream(mailboxes).distinct().toArray(Long[]::new);
        Sql.query(c, row -> 1, LOCK, distinct, distinct);
    }

    /** Takes the lock of one mailbox and of its account, or is empty if it does not exist. */
    static Optional<Counter> lockOne(Connection c, long mailbox) throws SQLException {
        Long[] one = {mailbox};
        return Sql.first(c, Counter::read, LOCK, one, one);
    }

    /** Gives one new MODSEQ of the account and as many UIDs as wanted for messages that come, and returns the counter as it is then. */
    static Counter advance(Connection c, long mailbox, int uids) throws SQLException, MailboxNotFoundException {
        return Sql.first(
                        c,
                        Counter::read,
                        "with a as (" + AccountCounter.MESSAGES_CAME + ")"
                                + " update mailbox_counter k set last_uid = k.last_uid + ?,"
                                + " highest_modseq = a.modseq, counts_modseq = a.modseq from a"
                                + " where k.mailbox_id = ? returning k." + COLUMNS.replace(", ", ", k."),
                        mailbox,
                        uids,
                        mailbox)
                .orElseThrow(() -> new MailboxNotFoundException(new PostgresMailboxId(mailbox)));
    }
}
