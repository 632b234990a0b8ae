package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import tg.gouv.messagerie.platform.database.Sql;

/** A row of {@code mailbox_counter}: what is derived of a mailbox, and its lock. */
record Counter(long lastUid, long highestModSeq, long messages, long unseen, long recentFromUid) {
    static final String COLUMNS = "last_uid, highest_modseq, messages, unseen, recent_from_uid";

    /** Of a mailbox that does not exist. */
    static final Counter NONE = new Counter(0, 0, 0, 0, 1);

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

    /** Takes the locks of mailboxes, in ascending order; those that do not exist are passed over. */
    static void lock(Connection c, Long... mailboxes) throws SQLException {
        Long[] distinct = Arrays.stream(mailboxes).distinct().toArray(Long[]::new);
        Sql.query(
                c,
                row -> 1,
                "select from mailbox_counter where mailbox_id = any(?) order by mailbox_id for update",
                (Object) distinct);
    }

    /** Takes the lock of one mailbox, or is empty if it does not exist. */
    static Optional<Counter> lockOne(Connection c, long mailbox) throws SQLException {
        return Sql.first(
                c,
                Counter::read,
                "select " + COLUMNS + " from mailbox_counter where mailbox_id = ? for update",
                mailbox);
    }

    /** Gives one new MODSEQ and as many UIDs as wanted, and returns the counter as it is then. */
    static Counter advance(Connection c, long mailbox, int uids) throws SQLException, MailboxNotFoundException {
        return Sql.first(
                        c,
                        Counter::read,
                        "update mailbox_counter set last_uid = last_uid + ?, highest_modseq = highest_modseq + 1"
                                + " where mailbox_id = ? returning " + COLUMNS,
                        uids,
                        mailbox)
                .orElseThrow(() -> new MailboxNotFoundException(new PostgresMailboxId(mailbox)));
    }
}
