package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import tg.gouv.messagerie.platform.backup.ObjectColumn;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * After a restore the same numbers would be handed out a second time: a client that saw UID 42 after the backup would take the
 * message that gets UID 42 now for the one it knows (RFC 3501 section 2.3.1.1 forbids it), and would believe that its flags are
 * those it was told last. A new UIDVALIDITY would be correct too, but every client would then load every mailbox again, on the day
 * when the State comes back. So UIDs and UIDVALIDITY stay, and what comes next is far from anything that was handed out before:
 *
 * - the next UID of each mailbox is UID_GAP further: no message gets the UID of one that was lost; whoever asks for the lost ones
 *   is told that they are gone;
 * - the account's MODSEQ is MODSEQ_GAP further, and every message has that one: a client of CONDSTORE or QRESYNC (RFC 7162) that
 *   asks what changed since any MODSEQ it was ever told hears the flags of all of them, those that the restore took back included;
 * - the account's salt is new: JMAP states of before are refused (RFC 8620 section 5.2, cannotCalculateChanges);
 * - the next mailbox has an id that no mailbox had that was lost.
 */
/** What backups must know of the schema {@code mail}. */
public final class MailSchema {
    /** Every column that names an object of the blob store; unnamed and arriving objects are nobody's. */
    public static final List<ObjectColumn> OBJECTS =
            List.of(new ObjectColumn("mail", "body", "object"), new ObjectColumn("mail", "jmap_upload", "object"));

    /** More messages than arrive in one mailbox between a backup and the end of the machine. */
    static final int UID_GAP = 1_000_000;

    /** More changes than an account sees in that time; a state of JMAP has room for 40 bits. */
    static final long MODSEQ_GAP = 100_000_000;

    private static final int MAILBOX_GAP = 1_000_000;

    private MailSchema() {}

    /** Takes care, in the transaction that brings a backup back, that no client takes what comes now for what it has seen. */
    public static void settle(Connection connection) throws SQLException {
        Sql.update(connection, """
                insert into mail.account_counter(owner_id)
                select distinct owner_id from mail.mailbox on conflict do nothing""");
        Sql.update(connection, """
                update mail.account_counter a set
                    salt = floor(random() * 2147483647)::int,
                    highest_modseq = n.modseq, emails = n.modseq, mailboxes = n.modseq, forgotten = n.modseq
                from (select owner_id, greatest(c.highest_modseq, max(k.highest_modseq)) + ? as modseq
                      from mail.account_counter c left join mail.mailbox b using (owner_id)
                          left join mail.mailbox_counter k on k.mailbox_id = b.id
                      group by owner_id, c.highest_modseq) n
                where n.owner_id = a.owner_id""", MODSEQ_GAP);
        Sql.update(connection, """
                update mail.mailbox_counter k set
                    last_uid = k.last_uid + ?, highest_modseq = a.highest_modseq, counts_modseq = a.highest_modseq
                from mail.mailbox b join mail.account_counter a using (owner_id) where b.id = k.mailbox_id""", UID_GAP);
        Sql.update(connection, """
                update mail.mailbox_message m set modseq = k.highest_modseq
                from mail.mailbox_counter k where k.mailbox_id = m.mailbox_id""");
        Sql.query(
                connection,
                row -> true,
                "select setval('mail.mailbox_id_seq', (select last_value + ? from mail.mailbox_id_seq))",
                MAILBOX_GAP);
    }
}
