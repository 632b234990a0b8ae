package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.mail.Flags;
import javax.mail.Flags.Flag;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.UpdatedFlags;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import tg.gouv.messagerie.mail.rights.FlagStore;
import tg.gouv.messagerie.platform.database.Sql;

/** Changes flags; every method runs inside the caller's transaction. */
final class Flagging {
    private static final String ROWS = "select p.uid, p.message_id, p.modseq, p.flags, p.user_flags,"
            + " ?::bigint as recent_from_uid from mailbox_message p where p.mailbox_id = ? and ";

    private static final String UPDATE = "update mailbox_message p set flags = u.flags, modseq = ?, user_flags = "
            + FlagColumns.SPLIT.formatted("u.words")
            + " from unnest(?::bigint[], ?::bigint[], ?::text[]) as u(uid, flags, words)"
            + " where p.mailbox_id = ? and p.uid = u.uid";

    private final Keywords keywords;
    private final MailboxNews news;

    Flagging(Keywords keywords, MailboxNews news) {
        this.keywords = keywords;
        this.news = news;
    }

    /** Changes the flags of a range of messages. */
    List<Change> update(Connection c, long mailbox, UidRange range, FlagsUpdateCalculator change)
            throws SQLException, MailboxException {
        return update(c, mailbox, change, "p.uid between ? and ?", range.first(), range.last());
    }

    /**
     * Changes the flags of some messages, under one new MODSEQ; messages that have them already are left alone.
     *
     * @param which a condition on {@code p}
     */
    List<Change> update(Connection c, long mailbox, FlagsUpdateCalculator change, String which, Object... parameters)
            throws SQLException, MailboxException {
        Optional<Counter> counter = Counter.lockOne(c, mailbox);
        if (counter.isEmpty()) {
            return List.of();
        }
        return change(c, mailbox, counter.get(), change, which, parameters);
    }

    /**
     * What became of a change on a condition.
     *
     * @param modified the UIDs of messages that were left alone
     */
    record Conditional(List<Change> changes, List<Long> modified) {}

    /**
     * The same on a condition (RFC 7162 section 3.1.3): it is the statement that reads the flags which tells, under the mailbox's
     * lock, and they are changed before the lock is given back.
     */
    Conditional update(
            Connection c, long mailbox, FlagsUpdateCalculator change, Long[] uids, FlagStore.Condition condition)
            throws SQLException, MailboxException {
        Optional<Counter> counter = Counter.lockOne(c, mailbox);
        if (counter.isEmpty()) {
            return new Conditional(List.of(), List.of());
        }
        String[] without = condition.orWithout().toArray(String[]::new);
        List<Change> changes = change(
                c,
                mailbox,
                counter.get(),
                change,
                "p.uid = any(?) and (p.modseq <= ? or (? and not exists ("
                        + "select from unnest(p.user_flags) as word where lower(word) = any(?))))",
                uids,
                condition.unchangedSince(),
                without.length > 0,
                without);
        List<Long> modified = condition.unchangedSince() >= counter.get().highestModSeq()
                ? List.of() // nothing in the mailbox was changed since
                : Sql.query(
                        c,
                        row -> row.getLong(1),
                        "select p.uid from mailbox_message p where p.mailbox_id = ? and p.uid = any(?)"
                                + " and p.modseq > ? and p.uid <> all(?) order by p.uid",
                        mailbox,
                        uids,
                        condition.unchangedSince(),
                        changes.stream().map(Change::uid).toArray(Long[]::new));
        return new Conditional(changes, modified);
    }

    private List<Change> change(
            Connection c,
            long mailbox,
            Counter counter,
            FlagsUpdateCalculator change,
            String which,
            Object... parameters)
            throws SQLException, MailboxException {
        Object[] all = Stream.concat(Stream.of(counter.recentFromUid(), mailbox), Arrays.stream(parameters))
                .toArray();
        List<Change> changes = Sql.query(c, row -> Change.of(row, change), ROWS + which + " order by p.uid", all);
        List<Change> real = changes.stream().filter(Change::isReal).toList();
        if (real.isEmpty()) {
            return changes;
        }
        long modSeq = write(c, mailbox, real);
        news.changed(mailbox);
        return changes.stream().map(each -> each.written(modSeq)).toList();
    }

    /**
     * Tells the caller which messages are recent, and nobody after it (RFC 3501 section 2.3.2). No row is written and no MODSEQ
     * given.
     */
    List<UpdatedFlags> resetRecent(Connection c, long mailbox) throws SQLException {
        Optional<Counter> counter = Counter.of(c, mailbox).filter(Flagging::mayHaveRecent);
        if (counter.isEmpty()) {
            return List.of();
        }
        // The rows are read after the lock: a message that was appended meanwhile is among them.
        counter = Counter.lockOne(c, mailbox).filter(Flagging::mayHaveRecent);
        if (counter.isEmpty()) {
            return List.of();
        }
        Sql.update(c, "update mailbox_counter set recent_from_uid = last_uid + 1 where mailbox_id = ?", mailbox);
        return Sql.query(
                c,
                row -> {
                    Flags before = FlagColumns.read(row);
                    Flags after = new Flags(before);
                    after.remove(Flag.RECENT);
                    return Change.of(row, before, after).updated();
                },
                ROWS + "p.uid >= ? and (p.flags & " + FlagColumns.NEVER_RECENT + ") = 0 order by p.uid",
                counter.get().recentFromUid(),
                mailbox,
                counter.get().recentFromUid());
    }

    private static boolean mayHaveRecent(Counter counter) {
        return counter.recentFromUid() <= counter.lastUid();
    }

    private long write(Connection c, long mailbox, List<Change> real) throws SQLException, MailboxException {
        keywords.add(
                c,
                mailbox,
                real.stream()
                        .flatMap(each -> Arrays.stream(FlagColumns.keywords(each.after())))
                        .distinct()
                        .toArray(String[]::new));
        long unseen = real.stream().mapToLong(Change::unseen).sum();
        boolean counts = real.stream().anyMatch(each -> each.unseen() != 0);
        long modSeq = Sql.first(
                        c,
                        row -> row.getLong(1),
                        "with a as (" + AccountCounter.FLAGS_CHANGED + ")"
                                + " update mailbox_counter k set highest_modseq = a.modseq, unseen = k.unseen + ?,"
                                + " counts_modseq = case when ? then a.modseq else k.counts_modseq end from a"
                                + " where k.mailbox_id = ? returning k.highest_modseq",
                        counts,
                        mailbox,
                        unseen,
                        counts,
                        mailbox)
                .orElseThrow();
        Sql.update(
                c,
                UPDATE,
                modSeq,
                real.stream().map(Change::uid).toArray(Long[]::new),
                real.stream().map(each -> (long) FlagColumns.bits(each.after())).toArray(Long[]::new),
                real.stream().map(each -> FlagColumns.joined(each.after())).toArray(String[]::new),
                mailbox);
        return modSeq;
    }

    /**
     * What became of the flags of a message.
     *
     * @param seen the MODSEQ that the message had before
     * @param modSeq the one it has now
     */
    record Change(long uid, PostgresMessageId id, long seen, long modSeq, Flags before, Flags after) {
        static Change of(ResultSet row, FlagsUpdateCalculator change) throws SQLException {
            Flags before = FlagColumns.read(row);
            return of(row, before, change.buildNewFlags(before));
        }

        static Change of(ResultSet row, Flags before, Flags after) throws SQLException {
            long modSeq = row.getLong("modseq");
            return new Change(row.getLong("uid"), MessageRows.messageId(row), modSeq, modSeq, before, after);
        }

        Change written(long newModSeq) {
            return isReal() ? new Change(uid, id, seen, newModSeq, before, after) : this;
        }

        boolean isReal() {
            return UpdatedFlags.flagsChanged(before, after);
        }

        int unseen() {
            return (FlagColumns.isUnseen(after) ? 1 : 0) - (FlagColumns.isUnseen(before) ? 1 : 0);
        }

        UpdatedFlags updated() {
            return UpdatedFlags.builder()
                    .uid(MessageUid.of(uid))
                    .messageId(id)
                    .modSeq(ModSeq.of(modSeq))
                    .oldFlags(before)
                    .newFlags(after)
                    .build();
        }
    }
}
