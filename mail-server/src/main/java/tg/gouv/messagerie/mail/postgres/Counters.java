package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.store.mail.ModSeqProvider;
import org.apache.james.mailbox.store.mail.UidProvider;
import tg.gouv.messagerie.platform.database.Sql;

/** The row of each mailbox that is its lock, and gives out UIDs (RFC 9051 section 2.3.1.1) and MODSEQs (RFC 7162). */
final class Counters implements UidProvider, ModSeqProvider {
    /** What the row says. */
    record Counter(long lastUid, long highestModSeq, long messages, long unseen, long recentFromUid) {
        static final Counter NONE = new Counter(0, 0, 0, 0, 1);

        static Counter read(ResultSet row) throws SQLException {
            return new Counter(
                    row.getLong("last_uid"),
                    row.getLong("highest_modseq"),
                    row.getLong("messages"),
                    row.getLong("unseen"),
                    row.getLong("recent_from_uid"));
        }
    }

    /**
     * By how much a change moves the row.
     *
     * @param uids how many are given out
     */
    record Step(int uids, int messages, int unseen, long bytes) {
        static final Step MODSEQ = new Step(0, 0, 0, 0);
    }

    private final MailConnections connections;

    Counters(MailConnections connections) {
        this.connections = connections;
    }

    /** Takes the locks of several mailboxes, always in the same order. */
    static void lock(Connection c, Long... mailboxes) throws SQLException {
        Sql.query(
                c,
                row -> 1,
                "select from mailbox_counter where mailbox_id = any(?) order by mailbox_id for update",
                (Object) mailboxes);
    }

    /** Moves the row, and returns it as it is after the step; MODSEQ goes up by one. */
    static Counter advance(Connection c, MailboxId id, Step step) throws SQLException, MailboxException {
        return Sql.first(c, Counter::read, """
                        update mailbox_counter set last_uid = last_uid + ?, highest_modseq = highest_modseq + 1,
                            messages = messages + ?, unseen = unseen + ?, bytes = bytes + ?
                        where mailbox_id = ? returning *
                        """, step.uids(), step.messages(), step.unseen(), step.bytes(), number(id))
                .orElseThrow(() -> new MailboxNotFoundException(id));
    }

    /** The row now; that of an empty mailbox if there is none. */
    Counter read(MailboxId id) throws MailboxException {
        return connections
                .run(c -> Sql.first(c, Counter::read, "select * from mailbox_counter where mailbox_id = ?", number(id)))
                .orElse(Counter.NONE);
    }

    private Counter advance(MailboxId id, Step step) throws MailboxException {
        return connections.run(c -> advance(c, id, step));
    }

    @Override
    public MessageUid nextUid(Mailbox mailbox) throws MailboxException {
        return nextUid(mailbox.getMailboxId());
    }

    @Override
    public MessageUid nextUid(MailboxId id) throws MailboxException {
        return MessageUid.of(advance(id, new Step(1, 0, 0, 0)).lastUid());
    }

    @Override
    public Optional<MessageUid> lastUid(Mailbox mailbox) throws MailboxException {
        return Optional.of(read(mailbox.getMailboxId()).lastUid())
                .filter(uid -> uid > 0)
                .map(MessageUid::of);
    }

    @Override
    public ModSeq nextModSeq(Mailbox mailbox) throws MailboxException {
        return nextModSeq(mailbox.getMailboxId());
    }

    @Override
    public ModSeq nextModSeq(MailboxId id) throws MailboxException {
        return ModSeq.of(advance(id, Step.MODSEQ).highestModSeq());
    }

    @Override
    public ModSeq highestModSeq(Mailbox mailbox) throws MailboxException {
        return highestModSeq(mailbox.getMailboxId());
    }

    @Override
    public ModSeq highestModSeq(MailboxId id) throws MailboxException {
        return ModSeq.of(read(id).highestModSeq());
    }
}
