package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.mail.Flags;
import org.apache.james.mailbox.model.MailboxId;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * Every answer is one snapshot: who puts together what several statements say could number messages that never were there
 * together. UIDs and MODSEQs of a mailbox become visible in ascending order (Appending), so « everything above what I saw » misses
 * nothing.
 */
/** What IMAP asks about a mailbox that somebody has open: all of it once, then what changed. */
public final class OpenedMailboxes {
    /** Of rows whose recency somebody else knows. */
    private static final String NOT_RECENT = Long.MAX_VALUE + "::bigint as recent_from_uid";

    private static final String OPEN = """
            select b.uid_validity, b.keywords, coalesce(a.forgotten, 0) as forgotten, k.last_uid, k.highest_modseq,
                (select p.uid from mailbox_message p where p.mailbox_id = k.mailbox_id and (p.flags & 32) = 0
                    order by p.uid limit 1) as unseen,
                array(select p.uid from mailbox_message p where p.mailbox_id = k.mailbox_id order by p.uid) as uids,
                array(select p.uid from mailbox_message p where p.mailbox_id = k.mailbox_id and p.uid >= k.recent_from_uid
                    and (p.flags & 16) = 0 order by p.uid) as recent
            from mailbox_counter k join mailbox b on b.id = k.mailbox_id left join account_counter a on a.owner_id = b.owner_id
            where k.mailbox_id = ?""";

    /** The two inner queries begin with a condition on the outer row alone: they are not run when nothing changed. */
    private static final String LOOK = """
            select k.last_uid as highest_uid, k.highest_modseq, k.recent_from_uid <= k.last_uid as some_recent,
                c.gone, c.uid, c.modseq, c.flags, c.user_flags, %s
            from mailbox_counter k left join lateral (
                select false as gone, p.uid, p.modseq, p.flags, p.user_flags from mailbox_message p
                where k.highest_modseq > ? and p.mailbox_id = k.mailbox_id and p.modseq > ?
                union all
                select true, e.uid, e.modseq, 0, '{}' from expunged e
                where k.highest_modseq > ? and e.mailbox_id = k.mailbox_id and e.modseq > ?) c on true
            where k.mailbox_id = ? order by c.uid""".formatted(NOT_RECENT);

    private static final String EXPUNGED = """
            select coalesce(a.forgotten, 0) as forgotten, array(
                select e.uid from expunged e where e.mailbox_id = b.id and e.modseq > ? order by e.uid) as uids
            from mailbox b left join account_counter a on a.owner_id = b.owner_id where b.id = ?""";

    private final MailConnections connections;
    private final Flagging flagging;

    OpenedMailboxes(MailConnections connections, Flagging flagging) {
        this.connections = connections;
        this.flagging = flagging;
    }

    /**
     * A mailbox as it is at one moment.
     *
     * @param forgotten what went up to this MODSEQ is not all known any more
     * @param firstUnseen a UID, or 0
     * @param uids ascending
     * @param recent ascending; nobody else is told of them if they were claimed
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Opened(
            long uidValidity,
            long lastUid,
            long highestModSeq,
            long forgotten,
            long firstUnseen,
            long[] uids,
            long[] recent,
            List<String> keywords) {}

    /** A message that came, or whose flags changed; without {@code \Recent}, which is the session's own affair. */
    public record Changed(long uid, long modSeq, Flags flags) {}

    /**
     * What happened to a mailbox since somebody looked.
     *
     * @param changed by ascending UID
     * @param expunged UIDs, ascending
     * @param someRecent whether there may be messages that no session was told of
     */
    public record Look(
            long lastUid, long highestModSeq, boolean someRecent, List<Changed> changed, List<Long> expunged) {}

    /**
     * Opens a mailbox.
     *
     * @param claim whether what is recent is told to this session and to no other
     * @return empty if the mailbox is gone
     */
    public Mono<Optional<Opened>> open(MailboxId id, boolean claim) {
        long mailbox = number(id);
        return connections.later(() -> claim
                ? connections.transaction(c -> {
                    long[] recent = claim(c, mailbox);
                    return opened(c, mailbox).map(it -> recent.length == 0 ? it : with(it, recent));
                })
                : connections.run(c -> opened(c, mailbox)));
    }

    private static Opened with(Opened it, long[] recent) {
        return new Opened(
                it.uidValidity(),
                it.lastUid(),
                it.highestModSeq(),
                it.forgotten(),
                it.firstUnseen(),
                it.uids(),
                recent,
                it.keywords());
    }

    /** What happened since a MODSEQ, empty if the mailbox is gone; one statement. */
    public Mono<Optional<Look>> look(MailboxId id, long seen) {
        long mailbox = number(id);
        return connections.later(() ->
                connections.run(c -> Optional.of(Sql.query(c, Row::read, LOOK, seen, seen, seen, seen, mailbox))
                        .filter(rows -> !rows.isEmpty())
                        .map(OpenedMailboxes::look)));
    }

    /**
     * What was expunged since.
     *
     * @param forgotten what went up to this MODSEQ is not all known any more
     * @param uids ascending
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Expunged(long forgotten, long[] uids) {}

    /** What was expunged since a MODSEQ, empty if the mailbox is gone; one statement. */
    public Mono<Optional<Expunged>> expunged(MailboxId id, long since) {
        return connections.later(() -> connections.run(c -> Sql.first(
                c, row -> new Expunged(row.getLong("forgotten"), longs(row, "uids")), EXPUNGED, since, number(id))));
    }

    /** Takes the messages that no session was told of: they are recent for the caller, and for nobody after it. */
    public Mono<long[]> claimRecent(MailboxId id) {
        return connections.later(() -> connections.transaction(c -> claim(c, number(id))));
    }

    private long[] claim(Connection c, long mailbox) throws SQLException {
        return flagging.resetRecent(c, mailbox).stream()
                .mapToLong(each -> each.getUid().asLong())
                .toArray();
    }

    private static Optional<Opened> opened(Connection c, long mailbox) throws SQLException {
        return Sql.first(
                c,
                row -> new Opened(
                        row.getLong("uid_validity"),
                        row.getLong("last_uid"),
                        row.getLong("highest_modseq"),
                        row.getLong("forgotten"),
                        row.getLong("unseen"),
                        longs(row, "uids"),
                        longs(row, "recent"),
                        List.of((String[]) row.getArray("keywords").getArray())),
                OPEN,
                mailbox);
    }

    private static long[] longs(ResultSet row, String column) throws SQLException {
        return Arrays.stream((Long[]) row.getArray(column).getArray())
                .mapToLong(Long::longValue)
                .toArray();
    }

    private static Look look(List<Row> rows) {
        List<Changed> changed = new ArrayList<>();
        List<Long> expunged = new ArrayList<>();
        for (Row row : rows) {
            row.changed().ifPresent(changed::add);
            row.expunged().ifPresent(expunged::add);
        }
        Row any = rows.getFirst();
        return new Look(any.lastUid(), any.highestModSeq(), any.someRecent(), changed, expunged);
    }

    private record Row(
            long lastUid, long highestModSeq, boolean someRecent, Optional<Changed> changed, Optional<Long> expunged) {
        static Row read(ResultSet row) throws SQLException {
            long uid = row.getLong("uid");
            boolean nothing = row.wasNull();
            boolean gone = row.getBoolean("gone");
            return new Row(
                    row.getLong("highest_uid"),
                    row.getLong("highest_modseq"),
                    row.getBoolean("some_recent"),
                    nothing || gone
                            ? Optional.empty()
                            : Optional.of(new Changed(uid, row.getLong("modseq"), FlagColumns.read(row))),
                    gone ? Optional.of(uid) : Optional.empty());
        }
    }
}
