package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.model.MessageMetaData;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * A message goes with its last row of mailbox_message. Two transactions must not each see the other's row and leave the
 * message behind, and a copy must not bring back a message that is going. So whoever takes rows away first locks the
 * messages they name, FOR UPDATE, and looks again afterwards, in a new statement which sees everything committed before the lock;
 * whoever adds a row to an existing message locks it FOR KEY SHARE, which is what the foreign key does too. Messages are
 * locked in ascending order, after the counters (V002__mailbox.sql).
 */
/** Takes messages out of mailboxes, and bodies out of messages; every method runs inside the caller's transaction. */
final class Expunging {
    private static final String REMOVE = """
            with gone as (delete from mailbox_message where mailbox_id = ? and uid = any(?) returning *),
            total as (
                select count(*) as messages, count(*) filter (where flags & 32 = 0) as unseen,
                    coalesce(sum(size), 0) as bytes from gone),
            a as (%s),
            k as (
                update mailbox_counter c set highest_modseq = a.modseq, counts_modseq = a.modseq,
                    messages = c.messages - total.messages, unseen = c.unseen - total.unseen, bytes = c.bytes - total.bytes
                from a, total where c.mailbox_id = ?
                returning c.highest_modseq, c.recent_from_uid),
            logged as (
                insert into expunged(mailbox_id, uid, modseq, message_id, created_modseq, at)
                select gone.mailbox_id, gone.uid, k.highest_modseq, gone.message_id, gone.created_modseq, ? from gone, k)
            select gone.*, k.recent_from_uid from gone, k order by gone.uid""".formatted(AccountCounter.MESSAGES_WENT);

    private static final String DESTROY = """
            with a as (%s),
            gone as (delete from mailbox_message where mailbox_id = ? returning *),
            logged as (
                insert into expunged(mailbox_id, uid, modseq, message_id, created_modseq, at)
                select gone.mailbox_id, gone.uid, a.modseq, gone.message_id, gone.created_modseq, ? from gone, a)
            insert into destroyed_mailbox(owner_id, mailbox_id, created_modseq, modseq, at)
            select b.owner_id, b.id, b.created_modseq, a.modseq, ? from mailbox b, a where b.id = ?""".formatted(AccountCounter.MAILBOX_WENT);

    private final Clock clock;
    private final MailboxNews news;

    Expunging(Clock clock, MailboxNews news) {
        this.clock = clock;
        this.news = news;
    }

    /** Removes messages from one mailbox, logs that they went, and returns what was there. */
    Map<MessageUid, MessageMetaData> expunge(Connection c, long mailbox, Long[] uids) throws SQLException {
        if (Counter.lockOne(c, mailbox).isEmpty()) {
            return Map.of();
        }
        UUID[] messages = lockMessages(
                c, "select message_id from mailbox_message where mailbox_id = ? and uid = any(?)", mailbox, uids);
        Map<MessageUid, MessageMetaData> gone = remove(c, mailbox, uids);
        bury(c, messages);
        return gone;
    }

    /** Removes one message from several mailboxes. */
    void expunge(Connection c, UUID message, Long[] mailboxes) throws SQLException {
        Counter.lock(c, mailboxes);
        UUID[] messages = lockMessages(c, "?", message);
        for (Long mailbox : mailboxes) {
            Long[] uids = Sql.query(
                            c,
                            row -> row.getLong(1),
                            "select uid from mailbox_message where message_id = ? and mailbox_id = ?",
                            message,
                            mailbox)
                    .toArray(Long[]::new);
            remove(c, mailbox, uids);
        }
        bury(c, messages);
    }

    /**
     * Removes rows whose messages have another row; the mailbox's lock is held.
     *
     * @param uids of any number; those that are not there are passed over
     */
    Map<MessageUid, MessageMetaData> remove(Connection c, long mailbox, Long[] uids) throws SQLException {
        Map<MessageUid, MessageMetaData> gone = new LinkedHashMap<>();
        if (uids.length > 0) {
            Sql.query(c, MessageRows::metaData, REMOVE, mailbox, uids, mailbox, mailbox, now())
                    .forEach(each -> gone.put(each.getUid(), each));
            news.changed(mailbox);
        }
        return gone;
    }

    /** Removes a mailbox and everything in it; that it went, and what with it, is logged for JMAP. */
    int removeMailbox(Connection c, long mailbox) throws SQLException {
        if (Counter.lockOne(c, mailbox).isEmpty()) {
            return 0;
        }
        UUID[] messages = lockMessages(c, "select message_id from mailbox_message where mailbox_id = ?", mailbox);
        Sql.update(c, DESTROY, mailbox, mailbox, now(), now(), mailbox);
        bury(c, messages);
        news.changed(mailbox);
        return Sql.update(c, "delete from mailbox where id = ?", mailbox);
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static UUID[] lockMessages(Connection c, String ids, Object... parameters) throws SQLException {
        List<UUID> locked = Sql.query(
                c,
                row -> row.getObject(1, UUID.class),
                "select id from message where id in (" + ids + ") order by id for update",
                parameters);
        return locked.toArray(UUID[]::new);
    }

    /** Removes those of the locked messages that no row names any more, and releases their bodies. */
    private void bury(Connection c, UUID[] messages) throws SQLException {
        if (messages.length == 0) {
            return;
        }
        List<UUID> bodies = Sql.query(
                c,
                row -> row.getObject(1, UUID.class),
                "delete from message m where m.id = any(?)"
                        + " and not exists (select from mailbox_message p where p.message_id = m.id) returning m.body_id",
                (Object) messages);
        ReleasedBodies.release(c, bodies, clock.instant());
    }
}
