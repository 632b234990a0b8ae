package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.MessageFlags.unseen;
import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;
import static tg.gouv.messagerie.mail.postgres.PostgresMessageId.uuid;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import javax.mail.Flags;
import javax.mail.Flags.Flag;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.UpdatedFlags;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.postgres.Counters.Counter;
import tg.gouv.messagerie.mail.postgres.Counters.Step;
import tg.gouv.messagerie.mail.postgres.PostgresMessageMapper.Uids;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * The row of mailbox_counter is the mailbox's lock. Every change takes it before any other row, of several mailboxes in ascending
 * order, and gets its UIDs and MODSEQ there: so the order of allocation is the order of commit, no UID is used twice, and two
 * changes cannot wait for each other. Each change is a fixed number of statements, however many messages it concerns.
 *
 * A message that leaves a mailbox is named in `released` by the same transaction; ReleasedMessages looks later whether it is in none.
 */
/** Everything that changes the messages of mailboxes. */
final class MessageChanges {
    private static final String UNIQUE_VIOLATION = "23505";

    /** One statement: one round trip, one commit, one flush to disk. */
    private static final String ADD = """
            with k as (update mailbox_counter set last_uid = last_uid + 1, highest_modseq = highest_modseq + 1,
                    messages = messages + 1, unseen = unseen + ?, bytes = bytes + ?
                  where mailbox_id = ? returning *),
            b as (insert into body(id, size_bytes, sha256, bytes, object)
                  select ?::uuid, ?::bigint, ?::bytea, ?::bytea, ?::uuid from k),
            w as (update mailbox set keywords = array(select distinct unnest(keywords || ?))
                  where id = ? and not keywords @> ?),
            m as (insert into message(id, body_id, size_bytes, body_start, lines, properties, attachments, header, sent_date,
                    base_subject, from_, to_, message_id_header, in_reply_to, references_)
                  select ?::uuid, ?::uuid, ?::bigint, ?::int, ?::bigint, ?::jsonb, ?::jsonb, ?::bytea, ?::timestamptz, ?::text,
                    ?::text, ?::text, ?::text, ?::text, ?::text[] from k),
            p as (insert into mailbox_message(mailbox_id, uid, modseq, message_id, thread_id, flags, user_flags, internal_date,
                    save_date, size_bytes)
                  select mailbox_id, last_uid, highest_modseq, ?, ?, ?, ?, ?, ?, ? from k returning *)
            select * from p
            """;

    private final MailConnections connections;
    private final Bodies bodies;
    private final Clock clock;

    MessageChanges(MailConnections connections, Bodies bodies, Clock clock) {
        this.connections = connections;
        this.bodies = bodies;
        this.clock = clock;
    }

    /** Adds a message; if another mailbox has it already, only its place is written. */
    MessageMetaData add(MailboxId mailbox, MailboxMessage message) throws MailboxException {
        byte[] header;
        HeaderFields fields;
        StoredBody body;
        try (InputStream headerIn = message.getHeaderContent();
                InputStream bodyIn = message.getBodyContent()) {
            header = headerIn.readAllBytes();
            fields = HeaderFields.of(new ByteArrayInputStream(header));
            body = bodies.prepare(bodyIn);
        } catch (IOException | BlobsUnavailable e) {
            throw new MailboxException("the message could not be read or its body not be kept", e);
        }
        Optional<MessageMetaData> added;
        try {
            added = connections.run(c -> add(c, mailbox, message, header, fields, body));
        } catch (MailboxException | RuntimeException e) {
            forget(body, e);
            throw e;
        }
        if (added.isPresent()) {
            return added.get();
        }
        bodies.forget(body);
        return place(mailbox, message);
    }

    /** Adds a message, or nothing if it is known already. */
    private Optional<MessageMetaData> add(
            Connection c,
            MailboxId mailbox,
            MailboxMessage message,
            byte[] header,
            HeaderFields fields,
            StoredBody body)
            throws SQLException, MailboxException {
        Flags flags = message.createFlags();
        String[] keywords = flags.getUserFlags();
        long size = header.length + body.sizeBytes();
        Date saved = Date.from(clock.instant());
        long id = number(mailbox);
        List<@Nullable Object> parameters = new ArrayList<>();
        Collections.addAll(parameters, unseen(flags), size, id);
        Collections.addAll(parameters, body.parameters());
        Collections.addAll(
                parameters,
                keywords,
                id,
                keywords,
                uuid(message.getMessageId()),
                body.id(),
                size,
                header.length,
                message.getTextualLineCount(),
                MessageRows.json(message.getProperties()),
                MessageRows.json(message.getAttachments()),
                header,
                fields.sentDate(),
                fields.baseSubject(),
                fields.from(),
                fields.to(),
                fields.messageId(),
                fields.inReplyTo(),
                fields.references(),
                uuid(message.getMessageId()),
                uuid(message.getThreadId().getBaseMessageId()),
                MessageFlags.bits(flags),
                keywords,
                MessageRows.time(message.getInternalDate()),
                MessageRows.time(saved),
                size);
        try {
            MessageMetaData added = Sql.first(c, MessageRows::metaData, ADD, parameters.toArray())
                    .orElseThrow(() -> new MailboxNotFoundException(mailbox));
            message.setUid(added.getUid());
            message.setModSeq(added.getModSeq());
            message.setSaveDate(saved);
            return Optional.of(added);
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                return Optional.empty(); // the statement did nothing
            }
            throw e;
        }
    }

    /** The object of a body whose row was not written has no name; if the blob store does not answer either, it stays. */
    private void forget(StoredBody body, Exception failure) {
        try {
            bodies.forget(body);
        } catch (BlobsUnavailable e) {
            failure.addSuppressed(e);
        }
    }

    /** A message whose flags a change looks at. */
    private record Change(long uid, PostgresMessageId id, long modSeq, Flags before, Flags after) {
        boolean isReal() {
            return UpdatedFlags.flagsChanged(before, after);
        }

        UpdatedFlags updated(long newModSeq) {
            return UpdatedFlags.builder()
                    .uid(MessageUid.of(uid))
                    .messageId(id)
                    .modSeq(ModSeq.of(isReal() ? newModSeq : modSeq))
                    .oldFlags(before)
                    .newFlags(after)
                    .build();
        }
    }

    List<UpdatedFlags> updateFlags(MailboxId mailbox, FlagsUpdateCalculator calculator, MessageRange set)
            throws MailboxException {
        long id = number(mailbox);
        return connections.transaction(c -> {
            Counters.lock(c, id);
            List<Change> changes = Sql.query(
                    c,
                    row -> {
                        Flags before = MessageRows.flags(row);
                        return new Change(
                                row.getLong("uid"),
                                MessageRows.messageId(row),
                                row.getLong("modseq"),
                                before,
                                calculator.buildNewFlags(before));
                    },
                    "select " + MessageRows.PLACE + MessageRows.PLACES
                            + "where p.mailbox_id = ? and p.uid between ? and ? order by p.uid",
                    id,
                    Uids.first(set),
                    Uids.last(set));
            List<Change> real = changes.stream().filter(Change::isReal).toList();
            long modSeq = real.isEmpty() ? 0 : write(c, mailbox, real);
            return changes.stream().map(change -> change.updated(modSeq)).toList();
        });
    }

    /** Writes new flags, one statement for each different set of them. */
    private static long write(Connection c, MailboxId mailbox, List<Change> changes)
            throws SQLException, MailboxException {
        int unseen = changes.stream()
                .mapToInt(change -> unseen(change.after()) - unseen(change.before()))
                .sum();
        long modSeq = Counters.advance(c, mailbox, new Step(0, 0, unseen, 0)).highestModSeq();
        addKeywords(c, mailbox, changes.stream().map(Change::after));
        Map<Flags, List<Long>> byFlags = new HashMap<>();
        changes.forEach(change ->
                byFlags.computeIfAbsent(change.after(), _ -> new ArrayList<>()).add(change.uid()));
        for (Map.Entry<Flags, List<Long>> each : byFlags.entrySet()) {
            Sql.update(
                    c,
                    "update mailbox_message set flags = ?, user_flags = ?, modseq = ? where mailbox_id = ? and uid = any(?)",
                    MessageFlags.bits(each.getKey()),
                    each.getKey().getUserFlags(),
                    modSeq,
                    number(mailbox),
                    each.getValue().toArray(Long[]::new));
        }
        return modSeq;
    }

    /** Moves the mark of \Recent past every message there is: no message row changes. */
    List<UpdatedFlags> resetRecent(MailboxId mailbox) throws MailboxException {
        long id = number(mailbox);
        return connections.transaction(c -> {
            Counters.lock(c, id);
            List<UpdatedFlags> seen = Sql.query(
                    c,
                    row -> {
                        Flags before = MessageRows.flags(row);
                        Flags after = new Flags(before);
                        after.remove(Flag.RECENT);
                        return UpdatedFlags.builder()
                                .uid(MessageUid.of(row.getLong("uid")))
                                .messageId(MessageRows.messageId(row))
                                .modSeq(ModSeq.of(row.getLong("modseq")))
                                .oldFlags(before)
                                .newFlags(after)
                                .build();
                    },
                    "select " + MessageRows.PLACE + MessageRows.PLACES
                            + "where p.mailbox_id = ? and p.uid >= k.recent_from_uid and p.flags & 16 <> 0 order by p.uid",
                    id);
            Sql.update(
                    c,
                    "update mailbox_counter set recent_from_uid = last_uid + 1 where mailbox_id = ? and recent_from_uid <= last_uid",
                    id);
            return seen;
        });
    }

    Map<MessageUid, MessageMetaData> delete(MailboxId mailbox, Collection<MessageUid> uids) throws MailboxException {
        return uids.isEmpty()
                ? Map.of()
                : connections.transaction(c -> {
                    Counters.lock(c, number(mailbox));
                    return delete(c, mailbox, uids);
                });
    }

    /** Removes messages from one mailbox whose lock is held; the expunge log says so (RFC 7162). */
    private static Map<MessageUid, MessageMetaData> delete(Connection c, MailboxId mailbox, Collection<MessageUid> uids)
            throws SQLException, MailboxException {
        Map<MessageUid, MessageMetaData> deleted = new LinkedHashMap<>();
        Sql.query(
                        c,
                        MessageRows::metaData,
                        "select " + MessageRows.PLACE + MessageRows.PLACES
                                + "where p.mailbox_id = ? and p.uid = any(?) order by p.uid",
                        number(mailbox),
                        uids.stream().map(MessageUid::asLong).toArray(Long[]::new))
                .forEach(message -> deleted.put(message.getUid(), message));
        if (deleted.isEmpty()) {
            return deleted;
        }
        Step step = new Step(
                0,
                -deleted.size(),
                -deleted.values().stream()
                        .mapToInt(message -> unseen(message.getFlags()))
                        .sum(),
                -deleted.values().stream().mapToLong(MessageMetaData::getSize).sum());
        long modSeq = Counters.advance(c, mailbox, step).highestModSeq();
        Sql.update(
                c,
                """
                with gone as (delete from mailbox_message where mailbox_id = ? and uid = any(?) returning uid, message_id),
                logged as (insert into expunged(mailbox_id, uid, modseq) select ?, uid, ? from gone)
                insert into released(message_id, since) select distinct message_id, now() from gone order by 1
                on conflict (message_id) do update set since = excluded.since
                """,
                number(mailbox),
                deleted.keySet().stream().map(MessageUid::asLong).toArray(Long[]::new),
                number(mailbox),
                modSeq);
        return deleted;
    }

    List<MessageMetaData> copy(MailboxId mailbox, List<MailboxMessage> originals) throws MailboxException {
        return originals.isEmpty() ? List.of() : connections.transaction(c -> place(c, mailbox, originals, true));
    }

    /** Adds a message that another mailbox has already, with the flags it carries. */
    MessageMetaData place(MailboxId mailbox, MailboxMessage message) throws MailboxException {
        MessageMetaData placed = connections
                .transaction(c -> place(c, mailbox, List.of(message), false))
                .getFirst();
        message.setUid(placed.getUid());
        message.setModSeq(placed.getModSeq());
        return placed;
    }

    private List<MessageMetaData> place(Connection c, MailboxId mailbox, List<MailboxMessage> originals, boolean recent)
            throws SQLException, MailboxException {
        int count = originals.size();
        List<Flags> flags = originals.stream().map(MailboxMessage::createFlags).toList();
        if (recent) {
            flags.forEach(each -> each.add(Flag.RECENT));
        }
        Counter counter = Counters.advance(
                c,
                mailbox,
                new Step(
                        count,
                        count,
                        PostgresMessageMapper.unseenOf(flags),
                        originals.stream()
                                .mapToLong(MailboxMessage::getFullContentOctets)
                                .sum()));
        addKeywords(c, mailbox, flags.stream());
        // The keywords of a message travel as one text: an array of arrays of different lengths is none in SQL.
        Sql.update(
                c,
                """
                insert into mailbox_message(mailbox_id, uid, modseq, message_id, thread_id, flags, user_flags, internal_date,
                    save_date, size_bytes)
                select ?, ? + o.n, ?, o.message_id, o.thread_id, o.flags, string_to_array(o.keywords, ' '),
                    to_timestamp(o.internal_millis / 1000.0), ?, o.size_bytes
                from unnest(?, ?, ?, ?, ?, ?) with ordinality
                    as o(message_id, thread_id, flags, keywords, internal_millis, size_bytes, n)
                """,
                number(mailbox),
                counter.lastUid() - count,
                counter.highestModSeq(),
                MessageRows.time(Date.from(clock.instant())),
                originals.stream().map(o -> uuid(o.getMessageId())).toArray(UUID[]::new),
                originals.stream()
                        .map(o -> uuid(o.getThreadId().getBaseMessageId()))
                        .toArray(UUID[]::new),
                flags.stream().map(each -> (long) MessageFlags.bits(each)).toArray(Long[]::new),
                flags.stream()
                        .map(each -> String.join(" ", each.getUserFlags()))
                        .toArray(String[]::new),
                originals.stream()
                        .map(o -> o.getInternalDate().toInstant().toEpochMilli())
                        .toArray(Long[]::new),
                originals.stream().map(MailboxMessage::getFullContentOctets).toArray(Long[]::new));
        return Sql.query(
                c,
                MessageRows::metaData,
                "select " + MessageRows.PLACE + MessageRows.PLACES
                        + "where p.mailbox_id = ? and p.uid > ? and p.uid <= ? order by p.uid",
                number(mailbox),
                counter.lastUid() - count,
                counter.lastUid());
    }

    List<MessageMetaData> move(MailboxId mailbox, List<MailboxMessage> originals) throws MailboxException {
        if (originals.isEmpty()) {
            return List.of();
        }
        Map<MailboxId, List<MessageUid>> bySource = new TreeMap<>(Comparator.comparingLong(PostgresMailboxId::number));
        originals.forEach(original -> bySource.computeIfAbsent(original.getMailboxId(), _ -> new ArrayList<>())
                .add(original.getUid()));
        Long[] concerned = Stream.concat(bySource.keySet().stream(), Stream.of(mailbox))
                .map(PostgresMailboxId::number)
                .toArray(Long[]::new);
        return connections.transaction(c -> {
            Counters.lock(c, concerned);
            List<MessageMetaData> moved = place(c, mailbox, originals, true);
            for (Map.Entry<MailboxId, List<MessageUid>> source : bySource.entrySet()) {
                delete(c, source.getKey(), source.getValue());
            }
            return moved;
        });
    }

    private static void addKeywords(Connection c, MailboxId mailbox, Stream<Flags> flags) throws SQLException {
        String[] keywords =
                flags.flatMap(each -> Stream.of(each.getUserFlags())).distinct().toArray(String[]::new);
        if (keywords.length > 0) {
            Sql.update(
                    c,
                    "update mailbox set keywords = array(select distinct unnest(keywords || ?)) where id = ? and not keywords @> ?",
                    keywords,
                    number(mailbox),
                    keywords);
        }
    }
}
