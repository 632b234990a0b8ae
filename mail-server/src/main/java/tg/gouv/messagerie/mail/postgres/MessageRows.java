package tg.gouv.messagerie.mail.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.model.ComposedMessageId;
import org.apache.james.mailbox.model.ComposedMessageIdWithMetaData;
import org.apache.james.mailbox.model.Content;
import org.apache.james.mailbox.model.MessageAttachmentMetadata;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;
import org.jspecify.annotations.Nullable;

/** Rows of {@code mailbox_message} and what belongs to them, as James wants them. */
final class MessageRows {
    /** What {@link #metaData} and {@link #composed} read, of the tables {@code p} and {@code k}. */
    static final String PLACE = "p.mailbox_id, p.uid, p.modseq, p.message_id, p.thread_id, p.flags, p.user_flags,"
            + " p.internal_date, p.save_date, p.size, k.recent_from_uid";

    private final Bodies bodies;

    MessageRows(Bodies bodies) {
        this.bodies = bodies;
    }

    /** The columns that {@link #read} reads; bytes only if they are asked for. */
    static String columns(FetchType type) {
        String described = PLACE + ", m.body_start, m.lines, m.properties";
        return switch (type) {
            case METADATA -> described;
            case HEADERS -> described + ", m.header";
            case ATTACHMENTS_METADATA -> described + ", m.attachments, m.header";
            case FULL -> described + ", m.attachments, m.header, m.body_id, b.sha256, b.bytes, b.object";
        };
    }

    /** The tables of {@link #columns}. */
    static String tables(FetchType type) {
        return "mailbox_message p join mailbox_counter k on k.mailbox_id = p.mailbox_id"
                + " join message m on m.id = p.message_id"
                + (type == FetchType.FULL ? " join body b on b.id = m.body_id" : "");
    }

    MailboxMessage read(ResultSet row, FetchType type) throws SQLException {
        PostgresMessageId id = messageId(row);
        return SimpleMailboxMessage.builder()
                .mailboxId(new PostgresMailboxId(row.getLong("mailbox_id")))
                .uid(MessageUid.of(row.getLong("uid")))
                .modseq(ModSeq.of(row.getLong("modseq")))
                .messageId(id)
                .threadId(threadId(row))
                .flags(FlagColumns.read(row))
                .internalDate(Date.from(
                        row.getObject("internal_date", OffsetDateTime.class).toInstant()))
                .saveDate(saveDate(row))
                .size(row.getLong("size"))
                .bodyStartOctet(row.getInt("body_start"))
                .content(content(row, type))
                .properties(MessageJson.properties(row.getString("properties"), row.getObject("lines", Long.class)))
                .addAttachments(attachments(row, type, id))
                .build();
    }

    static MessageMetaData metaData(ResultSet row) throws SQLException {
        return new MessageMetaData(
                MessageUid.of(row.getLong("uid")),
                ModSeq.of(row.getLong("modseq")),
                FlagColumns.read(row),
                row.getLong("size"),
                Date.from(row.getObject("internal_date", OffsetDateTime.class).toInstant()),
                saveDate(row),
                messageId(row),
                threadId(row));
    }

    static ComposedMessageIdWithMetaData composed(ResultSet row) throws SQLException {
        return new ComposedMessageIdWithMetaData(
                new ComposedMessageId(
                        new PostgresMailboxId(row.getLong("mailbox_id")),
                        messageId(row),
                        MessageUid.of(row.getLong("uid"))),
                FlagColumns.read(row),
                ModSeq.of(row.getLong("modseq")),
                threadId(row));
    }

    static PostgresMessageId messageId(ResultSet row) throws SQLException {
        return new PostgresMessageId(row.getObject("message_id", UUID.class));
    }

    static OffsetDateTime time(Date date) {
        return date.toInstant().atOffset(ZoneOffset.UTC);
    }

    private Content content(ResultSet row, FetchType type) throws SQLException {
        long size = row.getLong("size");
        return switch (type) {
            case METADATA -> StoredContent.nothing(size);
            case HEADERS, ATTACHMENTS_METADATA -> StoredContent.header(size, row.getBytes("header"));
            case FULL -> StoredContent.whole(size, row.getBytes("header"), body(row));
        };
    }

    private StoredContent.Body body(ResultSet row) throws SQLException {
        byte @Nullable [] bytes = row.getBytes("bytes");
        return new StoredContent.Body(
                bodies,
                row.getObject("body_id", UUID.class),
                row.getBytes("sha256"),
                bytes,
                row.getObject("object", UUID.class));
    }

    private static List<MessageAttachmentMetadata> attachments(ResultSet row, FetchType type, PostgresMessageId id)
            throws SQLException {
        return switch (type) {
            case METADATA, HEADERS -> List.of();
            case ATTACHMENTS_METADATA, FULL -> MessageJson.attachments(row.getString("attachments"), id);
        };
    }

    private static ThreadId threadId(ResultSet row) throws SQLException {
        return ThreadId.fromBaseMessageId(new PostgresMessageId(row.getObject("thread_id", UUID.class)));
    }

    private static Optional<Date> saveDate(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getObject("save_date", OffsetDateTime.class))
                .map(time -> Date.from(time.toInstant()));
    }
}
