package tg.gouv.messagerie.mail.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.mail.Flags;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.model.AttachmentId;
import org.apache.james.mailbox.model.AttachmentMetadata;
import org.apache.james.mailbox.model.Cid;
import org.apache.james.mailbox.model.ComposedMessageId;
import org.apache.james.mailbox.model.ComposedMessageIdWithMetaData;
import org.apache.james.mailbox.model.Content;
import org.apache.james.mailbox.model.MessageAttachmentMetadata;
import org.apache.james.mailbox.model.MessageMetaData;
import org.apache.james.mailbox.model.ThreadId;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.apache.james.mailbox.store.mail.model.Property;
import org.apache.james.mailbox.store.mail.model.impl.Properties;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;
import org.jspecify.annotations.Nullable;

/** How a message looks in rows, and back. */
final class MessageRows {
    private static final JsonMapper JSON = new JsonMapper();

    /** A message in its mailbox, as {@link #metaData} reads it; {@code p} is its row and {@code k} the mailbox's counter. */
    static final String PLACE = """
            p.mailbox_id, p.uid, p.modseq, p.message_id, p.thread_id, p.user_flags, p.internal_date, p.save_date, p.size_bytes,
            case when p.uid < k.recent_from_uid then p.flags & ~16 else p.flags end as flags
            """;

    static final String PLACES = " from mailbox_message p join mailbox_counter k on k.mailbox_id = p.mailbox_id ";

    private final Bodies bodies;

    MessageRows(Bodies bodies) {
        this.bodies = bodies;
    }

    /** The query whose rows {@link #message} understands; bytes are fetched only when they are asked for. */
    static String select(FetchType type, String where) {
        return "select " + PLACE + ", m.body_start, m.lines, m.properties, m.attachments"
                + (type == FetchType.METADATA ? "" : ", m.header")
                + (type == FetchType.FULL ? ", b.id as body_id, b.sha256, b.bytes, b.object" : "")
                + PLACES + "join message m on m.id = p.message_id "
                + (type == FetchType.FULL ? "join body b on b.id = m.body_id " : "")
                + where;
    }

    MailboxMessage message(ResultSet row, FetchType type) throws SQLException {
        PostgresMessageId id = messageId(row);
        long size = row.getLong("size_bytes");
        Content content = switch (type) {
            case METADATA -> new Bytes(size, new byte[0]);
            case FULL -> whole(row, size);
            default -> new Bytes(size, row.getBytes("header"));
        };
        return SimpleMailboxMessage.builder()
                .mailboxId(new PostgresMailboxId(row.getLong("mailbox_id")))
                .uid(MessageUid.of(row.getLong("uid")))
                .modseq(ModSeq.of(row.getLong("modseq")))
                .messageId(id)
                .threadId(threadId(row))
                .flags(flags(row))
                .internalDate(Objects.requireNonNull(date(row, "internal_date")))
                .saveDate(Optional.ofNullable(date(row, "save_date")))
                .size(size)
                .bodyStartOctet(row.getInt("body_start"))
                .content(content)
                .properties(properties(row.getString("properties"), row.getObject("lines", Long.class)))
                .addAttachments(attachments(row.getString("attachments"), id))
                .build();
    }

    private Content whole(ResultSet row, long size) throws SQLException {
        return new Whole(
                size,
                row.getBytes("header"),
                bodies,
                row.getObject("body_id", UUID.class),
                row.getBytes("sha256"),
                row.getBytes("bytes"),
                row.getObject("object", UUID.class));
    }

    static MessageMetaData metaData(ResultSet row) throws SQLException {
        return new MessageMetaData(
                MessageUid.of(row.getLong("uid")),
                ModSeq.of(row.getLong("modseq")),
                flags(row),
                row.getLong("size_bytes"),
                Objects.requireNonNull(date(row, "internal_date")),
                Optional.ofNullable(date(row, "save_date")),
                messageId(row),
                threadId(row));
    }

    static ComposedMessageIdWithMetaData composed(ResultSet row) throws SQLException {
        return new ComposedMessageIdWithMetaData(
                new ComposedMessageId(
                        new PostgresMailboxId(row.getLong("mailbox_id")),
                        messageId(row),
                        MessageUid.of(row.getLong("uid"))),
                flags(row),
                ModSeq.of(row.getLong("modseq")),
                threadId(row));
    }

    static Flags flags(ResultSet row) throws SQLException {
        return MessageFlags.of(
                row.getInt("flags"), (String[]) row.getArray("user_flags").getArray());
    }

    static PostgresMessageId messageId(ResultSet row) throws SQLException {
        return new PostgresMessageId(row.getObject("message_id", UUID.class));
    }

    private static ThreadId threadId(ResultSet row) throws SQLException {
        return ThreadId.fromBaseMessageId(new PostgresMessageId(row.getObject("thread_id", UUID.class)));
    }

    static OffsetDateTime time(Date date) {
        return date.toInstant().atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Date date(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : Date.from(time.toInstant());
    }

    /** Column {@code properties}. */
    private record StoredProperty(String namespace, String name, String value) {}

    static String json(Properties properties) {
        return write(properties.toProperties().stream()
                .map(it -> new StoredProperty(it.getNamespace(), it.getLocalName(), it.getValue()))
                .toList());
    }

    private static Properties properties(String json, @Nullable Long lines) {
        List<Property> list = read(json, new TypeReference<List<StoredProperty>>() {}).stream()
                .map(it -> new Property(it.namespace(), it.name(), it.value()))
                .toList();
        return new Properties(list, lines);
    }

    /** Column {@code attachments}. */
    private record StoredAttachment(
            String id,
            String type,
            long size,
            @Nullable String name,
            @Nullable String cid,
            boolean inline) {}

    static String json(List<MessageAttachmentMetadata> attachments) {
        return write(attachments.stream()
                .map(it -> new StoredAttachment(
                        it.getAttachmentId().getId(),
                        it.getAttachment().getType().asString(),
                        it.getAttachment().getSize(),
                        it.getName().orElse(null),
                        it.getCid().map(Cid::getValue).orElse(null),
                        it.isInline()))
                .toList());
    }

    static List<MessageAttachmentMetadata> attachments(String json, PostgresMessageId message) {
        return read(json, new TypeReference<List<StoredAttachment>>() {}).stream()
                .map(it -> MessageAttachmentMetadata.builder()
                        .attachment(AttachmentMetadata.builder()
                                .attachmentId(AttachmentId.from(it.id()))
                                .type(it.type())
                                .size(it.size())
                                .messageId(message)
                                .build())
                        .name(Optional.ofNullable(it.name()))
                        .cid(Optional.ofNullable(it.cid()).map(Cid::from))
                        .isInline(it.inline())
                        .build())
                .toList();
    }

    /** jsonb holds every character but U+0000, which JSON writes as an escape. */
    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value).replace("\\u0000", "");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return Objects.requireNonNull(JSON.readValue(json, type));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a column of table message is not what we wrote", e);
        }
    }

    /**
     * The part of a message that was fetched.
     *
     * @param size of the whole message
     */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Bytes(long size, byte[] part) implements Content {
        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(part);
        }
    }

    /** A whole message, whose large body is opened when it is read. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Whole(
            long size,
            byte[] header,
            Bodies bodies,
            UUID bodyId,
            byte[] sha256,
            byte @Nullable [] bytes,
            @Nullable UUID object)
            implements Content {
        @Override
        public InputStream getInputStream() throws IOException {
            return new SequenceInputStream(
                    new ByteArrayInputStream(header), bodies.open(bodyId, sha256, bytes, object));
        }
    }
}
