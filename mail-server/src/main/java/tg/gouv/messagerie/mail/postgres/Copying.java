package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;
import static tg.gouv.messagerie.mail.postgres.PostgresMessageId.uuid;
import static tg.gouv.messagerie.mail.postgres.PostgresMessageId.uuids;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.mail.Flags;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * A copy is one insert for all messages, under the counter's lock, after the messages have been locked FOR KEY SHARE: those
 * that were expunged everywhere in the meantime are no longer there to be locked, and are passed over (Expunging says
 * why that is safe). The flags are those that the caller read.
 */
/** Copies and moves messages between mailboxes; every method runs inside the caller's transaction. */
final class Copying {
    private static final String INSERT = """
            insert into mailbox_message as p (mailbox_id, uid, modseq, message_id, thread_id, flags, user_flags, internal_date,
                save_date, size, created_modseq)
            select ?, ? + o.n, ?, o.message_id, m.thread_id, o.flags, %s,
                timestamptz 'epoch' + o.internal_date * interval '1 millisecond', ?, m.size, ?
            from unnest(?::uuid[], ?::bigint[], ?::text[], ?::bigint[]) with ordinality
                as o(message_id, flags, words, internal_date, n)
            join message m on m.id = o.message_id
            order by o.n
            returning p.*, ?::bigint as recent_from_uid""".formatted(FlagColumns.SPLIT.formatted("o.words"));

    private final Expunging expunging;
    private final Keywords keywords;
    private final Clock clock;
    private final MailboxNews news;

    Copying(Expunging expunging, Keywords keywords, Clock clock, MailboxNews news) {
        this.news = news;
        this.expunging = expunging;
        this.keywords = keywords;
        this.clock = clock;
    }

    /** Copies messages, and returns what was made of those that still exist, in their order. */
    List<MessageMetaData> copy(Connection c, MailboxId to, List<MailboxMessage> originals)
            throws SQLException, MailboxException {
        demandMailbox(Counter.lockOne(c, number(to)), to);
        return insert(c, to, existing(c, originals), Copying::recent);
    }

    /**
     * Copies a message, with the flags it comes with, unless the mailbox has it: for JMAP, which knows no recent messages.
     *
     * @return what the mailbox has now, or nothing if the message was expunged in the meantime
     */
    Optional<MessageMetaData> copyOnce(Connection c, MailboxId to, MailboxMessage original)
            throws SQLException, MailboxException {
        demandMailbox(Counter.lockOne(c, number(to)), to);
        Optional<MessageMetaData> there = Sql.first(
                c,
                MessageRows::metaData,
                "select " + MessageRows.PLACE + " from mailbox_message p"
                        + " join mailbox_counter k on k.mailbox_id = p.mailbox_id"
                        + " where p.message_id = ? and p.mailbox_id = ? order by p.uid limit 1",
                uuid(original.getMessageId()),
                number(to));
        return there.isPresent()
                ? there
                : insert(c, to, existing(c, List.of(original)), MailboxMessage::createFlags).stream()
                        .findFirst();
    }

    /** Moves those of the messages that are still where they were (RFC 6851), and returns what was made of them. */
    List<MessageMetaData> move(Connection c, MailboxId to, List<MailboxMessage> originals)
            throws SQLException, MailboxException {
        Map<Long, List<MailboxMessage>> sources = originals.stream()
                .collect(Collectors.groupingBy(each -> number(each.getMailboxId()), TreeMap::new, Collectors.toList()));
        Counter.lock(
                c,
                Stream.concat(sources.keySet().stream(), Stream.of(number(to))).toArray(Long[]::new));
        demandMailbox(Counter.of(c, number(to)), to);
        List<MailboxMessage> there = new ArrayList<>();
        for (var source : sources.entrySet()) {
            there.addAll(stillThere(c, source.getKey(), source.getValue()));
        }
        List<MailboxMessage> moving = existing(c, there);
        List<MessageMetaData> moved = insert(c, to, moving, Copying::recent);
        for (long source : sources.keySet()) {
            expunging.remove(c, source, uids(moving.stream().filter(each -> number(each.getMailboxId()) == source)));
        }
        return moved;
    }

    private static void demandMailbox(Optional<Counter> counter, MailboxId mailbox) throws MailboxNotFoundException {
        if (counter.isEmpty()) {
            throw new MailboxNotFoundException(mailbox);
        }
    }

    private static List<MailboxMessage> stillThere(Connection c, long mailbox, List<MailboxMessage> originals)
            throws SQLException {
        Set<Long> uids = new HashSet<>(Sql.query(
                c,
                row -> row.getLong(1),
                "select uid from mailbox_message where mailbox_id = ? and uid = any(?)",
                mailbox,
                uids(originals.stream())));
        return originals.stream()
                .filter(each -> uids.contains(each.getUid().asLong()))
                .toList();
    }

    private static List<MailboxMessage> existing(Connection c, List<MailboxMessage> originals) throws SQLException {
        Set<UUID> locked = new HashSet<>(Sql.query(
                c,
                row -> row.getObject(1, UUID.class),
                "select id from message where id = any(?) order by id for key share",
                (Object) uuids(
                        originals.stream().map(MailboxMessage::getMessageId).toList())));
        return originals.stream()
                .filter(each -> locked.contains(uuid(each.getMessageId())))
                .toList();
    }

    private List<MessageMetaData> insert(
            Connection c, MailboxId to, List<MailboxMessage> originals, Function<MailboxMessage, Flags> flags)
            throws SQLException, MailboxException {
        if (originals.isEmpty()) {
            return List.of();
        }
        long mailbox = number(to);
        Counter counter = Counter.advance(c, mailbox, originals.size());
        keywords.add(
                c,
                mailbox,
                originals.stream()
                        .flatMap(each -> Arrays.stream(FlagColumns.keywords(each.createFlags())))
                        .distinct()
                        .toArray(String[]::new));
        List<MessageMetaData> copies = Sql.query(
                c,
                MessageRows::metaData,
                INSERT,
                mailbox,
                counter.lastUid() - originals.size(),
                counter.highestModSeq(),
                MessageRows.time(Date.from(clock.instant())),
                counter.highestModSeq(),
                each(originals, original -> uuid(original.getMessageId())).toArray(UUID[]::new),
                each(originals, original -> (long) FlagColumns.bits(flags.apply(original)))
                        .toArray(Long[]::new),
                each(originals, original -> FlagColumns.joined(original.createFlags()))
                        .toArray(String[]::new),
                each(
                                originals,
                                original ->
                                        original.getInternalDate().toInstant().toEpochMilli())
                        .toArray(Long[]::new),
                counter.recentFromUid());
        Sql.update(
                c,
                "update mailbox_counter set messages = messages + ?, unseen = unseen + ?, bytes = bytes + ?"
                        + " where mailbox_id = ?",
                copies.size(),
                copies.stream()
                        .filter(each -> FlagColumns.isUnseen(each.getFlags()))
                        .count(),
                copies.stream().mapToLong(MessageMetaData::getSize).sum(),
                mailbox);
        news.changed(mailbox);
        return copies;
    }

    /** RFC 3501 section 6.4.7: the copy is recent, whatever the original was. */
    private static Flags recent(MailboxMessage original) {
        Flags flags = original.createFlags();
        flags.add(Flags.Flag.RECENT);
        return flags;
    }

    private static Long[] uids(Stream<MailboxMessage> messages) {
        return messages.map(each -> each.getUid().asLong()).toArray(Long[]::new);
    }

    private static <T> Stream<T> each(List<MailboxMessage> originals, Function<MailboxMessage, T> value) {
        return originals.stream().map(value);
    }
}
