package tg.gouv.messagerie.mail.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import org.apache.james.mailbox.model.AttachmentId;
import org.apache.james.mailbox.model.AttachmentMetadata;
import org.apache.james.mailbox.model.Cid;
import org.apache.james.mailbox.model.MessageAttachmentMetadata;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.store.mail.model.Property;
import org.apache.james.mailbox.store.mail.model.impl.Properties;
import org.jspecify.annotations.Nullable;

/** The columns {@code properties} and {@code attachments} of {@code message}. */
final class MessageJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<PropertyRow>> PROPERTIES = new TypeReference<>() {};
    private static final TypeReference<List<AttachmentRow>> ATTACHMENTS = new TypeReference<>() {};

    private MessageJson() {}

    private record PropertyRow(String namespace, String name, String value) {}

    private record AttachmentRow(
            String id,
            String type,
            long size,
            @Nullable String name,
            @Nullable String cid,
            boolean inline) {}

    static String write(Properties properties) {
        return json(properties.toProperties().stream()
                .map(each -> new PropertyRow(
                        each.getNamespace(), Text.clean(each.getLocalName()), Text.clean(each.getValue())))
                .toList());
    }

    static Properties properties(String json, @Nullable Long lines) {
        try {
            return new Properties(
                    JSON.readValue(json, PROPERTIES).stream()
                            .map(each -> new Property(each.namespace(), each.name(), each.value()))
                            .toList(),
                    lines);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("column properties", e);
        }
    }

    static String write(List<MessageAttachmentMetadata> attachments) {
        return json(attachments.stream()
                .map(each -> new AttachmentRow(
                        each.getAttachmentId().getId(),
                        Text.clean(each.getAttachment().getType().asString()),
                        each.getAttachment().getSize(),
                        each.getName().map(Text::clean).orElse(null),
                        each.getCid().map(Cid::getValue).map(Text::clean).orElse(null),
                        each.isInline()))
                .toList());
    }

    static List<MessageAttachmentMetadata> attachments(String json, MessageId message) {
        try {
            return JSON.readValue(json, ATTACHMENTS).stream()
                    .map(each -> attachment(each, message))
                    .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("column attachments", e);
        }
    }

    private static MessageAttachmentMetadata attachment(AttachmentRow row, MessageId message) {
        return MessageAttachmentMetadata.builder()
                .attachment(AttachmentMetadata.builder()
                        .attachmentId(AttachmentId.from(row.id()))
                        .type(row.type())
                        .size(row.size())
                        .messageId(message)
                        .build())
                .name(Optional.ofNullable(row.name()))
                .cid(Optional.ofNullable(row.cid()).map(Cid::from))
                .isInline(row.inline())
                .build();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
