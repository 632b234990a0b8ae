package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;
import static tg.gouv.messagerie.mail.postgres.PostgresMessageId.uuid;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * One statement: one round trip, one commit. It takes the account's lock first, then the counter's, and all else depends on
 * these rows, so that nothing is written when the mailbox is gone. The locks are held until the commit, hence UIDs of the mailbox
 * and MODSEQs of the account become visible in ascending order.
 *
 * A message id that is stored already keeps its first bytes (James saves the same message in a second mailbox): the body that
 * was prepared for the second is then given up. When PostgreSQL does not answer, the commit may have happened: the
 * object stays, since an object without a row is rubbish and a row without its object is a loss.
 */
/** Adds messages to mailboxes. */
final class Appending {
    private static final Logger LOG = LoggerFactory.getLogger(Appending.class);

    private static final String KEYWORDS = """
            worded as (
                update mailbox set keywords = array(select distinct unnest(keywords || ?::text[])) from k
                where id = k.mailbox_id and not keywords @> ?::text[]),
            """;

    private static final String[][] ADDING = statements(false);
    private static final String[][] DELIVERING = statements(true);

    private final MailConnections connections;
    private final Bodies bodies;
    private final Keywords keywords;
    private final Clock clock;
    private final MailboxNews news;
    private final Optional<Delivery> delivery;

    /** By whether there are keywords, then by whether there is a body: a statement of 1,500 characters is not put together each time. */
    private final String[][] statements;

    Appending(MailConnections connections, Bodies bodies, Keywords keywords, Clock clock, MailboxNews news) {
        this(connections, bodies, keywords, clock, news, Optional.empty());
    }

    private Appending(
            MailConnections connections,
            Bodies bodies,
            Keywords keywords,
            Clock clock,
            MailboxNews news,
            Optional<Delivery> delivery) {
        this.news = news;
        this.connections = connections;
        this.bodies = bodies;
        this.keywords = keywords;
        this.clock = clock;
        this.delivery = delivery;
        this.statements = delivery.isPresent() ? DELIVERING : ADDING;
    }

    /** The same on the connections of a session. */
    Appending through(MailConnections of) {
        return new Appending(of, bodies, keywords, clock, news, delivery);
    }

    /** The same as part of a delivery: for one message, which names the queued mail's body if it has the same. */
    Appending within(Delivery of) {
        return new Appending(connections, bodies, keywords, clock, news, Optional.of(of));
    }

    /**
     * Adds a message, durably, and tells it its UID and MODSEQ.
     *
     * @throws MailboxNotFoundException if the mailbox is gone; nothing was written
     * @throws Delivery.NotDelivered if this is part of a delivery that must not be; nothing was written
     */
    MessageMetaData add(Mailbox mailbox, MailboxMessage message) throws MailboxException {
        long id = number(mailbox.getMailboxId());
        String[] words = FlagColumns.keywords(message.createFlags());
        keywords.demandRoom(mailbox.getMailboxId(), words);
        Prepared prepared = prepare(message);
        delivery.ifPresent(part -> part.filedIn(mailbox.getName()));
        Optional<Added> added;
        try {
            added = delivery.isPresent()
                    ? deliver(delivery.get(), id, message, words, prepared)
                    : connections.change(c -> insert(c, id, message, words, prepared));
        } catch (Delivery.NotDelivered e) {
            forget(prepared);
            throw e;
        }
        if (added.isEmpty() || !added.get().isNew()) {
            forget(prepared);
        }
        MessageMetaData metaData =
                added.map(Added::metaData).orElseThrow(() -> new MailboxNotFoundException(mailbox.getMailboxId()));
        news.changed(id);
        message.setUid(metaData.getUid());
        message.setModSeq(metaData.getModSeq());
        message.setSaveDate(metaData.getSaveDate().orElseThrow());
        return metaData;
    }

    private record Added(MessageMetaData metaData, boolean isNew) {}

    @SuppressWarnings("ArrayRecordComponent") // bound as a parameter, never compared
    private record Prepared(
            byte[] header, UUID bodyId, long size, @Nullable StoredBody made) {
        static Prepared of(byte[] header, StoredBody made) {
            return new Prepared(header, made.id(), header.length + made.sizeBytes(), made);
        }

        static Prepared of(byte[] header, StoredMessage.Stored stored) {
            return new Prepared(header, stored.bodyId(), header.length + stored.bodyBytes(), null);
        }
    }

    /** One statement, unless the delivery brought forth more. */
    private Optional<Added> deliver(
            Delivery part, long mailbox, MailboxMessage message, String[] words, Prepared prepared)
            throws MailboxException {
        if (part.isCommitted()) {
            throw new IllegalStateException("a delivery has one message");
        }
        Optional<Added> added;
        if (part.hasWrites()) {
            added = connections.transaction(c -> {
                Optional<Added> one = insert(c, mailbox, message, words, prepared);
                if (one.isPresent()) {
                    part.write(c);
                } else {
                    part.whyNot(c);
                }
                return one;
            });
        } else {
            added = connections.run(c -> {
                Optional<Added> one = insert(c, mailbox, message, words, prepared);
                if (one.isEmpty()) {
                    part.whyNot(c);
                }
                return one;
            });
        }
        if (added.isPresent()) {
            part.committed();
        }
        return added;
    }

    private Prepared prepare(MailboxMessage message) throws MailboxException {
        int bodyStart = Math.toIntExact(message.getFullContentOctets() - message.getBodyOctets());
        try {
            Optional<StoredMessage.Stored> likely = delivery.flatMap(Delivery::likely);
            if (likely.isPresent() && likely.get().bodyBytes() == message.getBodyOctets()) {
                try (InputStream in = message.getFullContent()) {
                    byte[] header = in.readNBytes(bodyStart);
                    if (likely.get().hasBody(in)) {
                        return Prepared.of(header, likely.get());
                    }
                }
            }
            try (InputStream in = message.getFullContent()) {
                byte[] header = in.readNBytes(bodyStart);
                return Prepared.of(header, bodies.prepare(in));
            }
        } catch (IOException e) {
            throw new MailboxException("The message could not be read", e);
        } catch (BlobsUnavailable e) {
            throw new MailUnavailable(e);
        }
    }

    /** What was written stays written when this fails: the object is rubbish then. */
    private void forget(Prepared prepared) {
        StoredBody body = prepared.made();
        if (body == null) {
            return;
        }
        try {
            bodies.forget(body);
        } catch (BlobsUnavailable e) {
            LOG.warn("object {} of a body that no row names could not be removed", body.object(), e);
        }
    }

    private static String[][] statements(boolean delivering) {
        return new String[][] {
            {sql(delivering, false, false), sql(delivering, false, true)},
            {sql(delivering, true, false), sql(delivering, true, true)}
        };
    }

    private static String sql(boolean delivering, boolean hasKeywords, boolean hasBody) {
        return """
            with %s a as (%s),
            k as (
                update mailbox_counter c set last_uid = c.last_uid + 1, highest_modseq = a.modseq, counts_modseq = a.modseq,
                    messages = c.messages + 1, unseen = c.unseen + ?, bytes = c.bytes + ?
                from a where c.mailbox_id = ?
                returning c.mailbox_id, c.last_uid, c.highest_modseq, c.recent_from_uid),
            %s m as (
                insert into message(id, body_id, size, body_start, lines, header, thread_id, sent_date, base_subject, from_,
                    to_, message_id_header, in_reply_to, references_, properties, attachments)
                select ?::uuid, ?::uuid, ?::bigint, ?::int, ?::bigint, ?::bytea, ?::uuid, ?::timestamptz, ?::text, ?::text,
                    ?::text, ?::text, ?::text, ?::text[], ?::jsonb, ?::jsonb from k
                on conflict (id) do nothing returning body_id),
            %s
            p as (
                insert into mailbox_message(mailbox_id, uid, modseq, message_id, thread_id, flags, user_flags, internal_date,
                    save_date, size, created_modseq)
                select k.mailbox_id, k.last_uid, k.highest_modseq, ?::uuid, ?::uuid, ?::smallint, ?::text[], ?::timestamptz,
                    ?::timestamptz, ?::bigint, k.highest_modseq from k
                returning *)
            select p.*, k.recent_from_uid, exists (select from m) as is_new from p, k""".formatted(
                        delivering ? Delivery.MARK + ", " : "",
                        delivering ? AccountCounter.MESSAGE_DELIVERED : AccountCounter.MESSAGES_CAME,
                        hasKeywords ? KEYWORDS : "",
                        hasBody ? "b as (" + StoredBody.INSERT_SELECT + " from m)," : "");
    }

    private Optional<Added> insert(
            Connection c, long mailbox, MailboxMessage message, String[] words, Prepared prepared) throws SQLException {
        String sql = statements[words.length > 0 ? 1 : 0][prepared.made() != null ? 1 : 0];
        return Sql.first(
                c,
                row -> new Added(MessageRows.metaData(row), row.getBoolean("is_new")),
                sql,
                parameters(mailbox, message, words, prepared));
    }

    private @Nullable Object[] parameters(long mailbox, MailboxMessage message, String[] words, Prepared prepared) {
        List<@Nullable Object> all = new ArrayList<>();
        delivery.ifPresent(part -> all.addAll(Arrays.asList(part.mark())));
        all.add(mailbox);
        all.add(FlagColumns.isUnseen(message.createFlags()) ? 1 : 0);
        all.add(prepared.size());
        all.add(mailbox);
        if (words.length > 0) {
            all.add(words);
            all.add(words);
        }
        addMessage(all, message, prepared);
        if (prepared.made() != null) {
            all.addAll(Arrays.asList(prepared.made().parameters()));
        }
        all.add(uuid(message.getMessageId()));
        all.add(uuid(message.getThreadId().getBaseMessageId()));
        all.add(FlagColumns.bits(message.createFlags()));
        all.add(words);
        all.add(MessageRows.time(message.getInternalDate()));
        all.add(MessageRows.time(Date.from(clock.instant())));
        all.add(prepared.size());
        return all.toArray();
    }

    private static void addMessage(List<@Nullable Object> all, MailboxMessage message, Prepared prepared) {
        ParsedHeader parsed = ParsedHeader.of(prepared.header());
        all.add(uuid(message.getMessageId()));
        all.add(prepared.bodyId());
        all.add(prepared.size());
        all.add(prepared.header().length);
        all.add(message.getTextualLineCount());
        all.add(prepared.header());
        all.add(uuid(message.getThreadId().getBaseMessageId()));
        all.add(parsed.sentDate());
        all.add(parsed.baseSubject());
        all.add(parsed.from());
        all.add(parsed.to());
        all.add(parsed.messageId());
        all.add(parsed.inReplyTo());
        all.add(parsed.references());
        all.add(MessageJson.write(message.getProperties()));
        all.add(MessageJson.write(message.getAttachments()));
    }
}
