package tg.gouv.messagerie.mail.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.mail.MessagingException;
import javax.mail.internet.AddressException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.queue.api.MailPrioritySupport;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders;
import org.jspecify.annotations.Nullable;

/** How a mail looks in a row, and back: envelope and state in columns, the message as its exact bytes. */
final class QueueRows {
    private static final JsonMapper JSON = new JsonMapper();

    /** The columns that {@link #mail} reads, of {@code q} and its body {@code b}. */
    static final String MAIL = """
            q.name, q.sender, q.recipients, q.state, q.error_message, q.remote_host, q.remote_addr, q.last_updated, q.attributes,
            q.recipient_headers, q.has_message, q.header, q.size_bytes, b.id as body_id, b.sha256, b.bytes, b.object
            """;

    private final Bodies bodies;

    QueueRows(Bodies bodies) {
        this.bodies = bodies;
    }

    /** A message cut where its header ends. */
    @SuppressWarnings("ArrayRecordComponent") // bound as a parameter, never compared
    record Cut(byte[] header, StoredBody body, boolean hasMessage) {
        long sizeBytes() {
            return header.length + body.sizeBytes();
        }
    }

    /**
     * Reads the message of a mail once: the header into memory, the body to where it is kept. The bytes of a message that nothing
     * changed are those that arrived.
     */
    Cut cut(Mail mail) throws IOException, MessagingException {
        MimeMessage message = mail.getMessage();
        if (message == null) {
            return new Cut(new byte[0], bodies.prepare(InputStream.nullInputStream()), false);
        }
        try (InputStream in = stream(message)) {
            byte[] header = header(in);
            return new Cut(header, bodies.prepare(in), true);
        }
    }

    private static InputStream stream(MimeMessage message) throws IOException, MessagingException {
        if (message instanceof MimeMessageWrapper wrapper && !wrapper.isModified()) {
            return wrapper.getMessageInputStream();
        }
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        message.writeTo(written);
        return new ByteArrayInputStream(written.toByteArray());
    }

    /** Everything up to and with the empty line (RFC 5322 section 2.1), or all there is. */
    private static byte[] header(InputStream in) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream(2_048);
        boolean lineIsEmpty = true;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            header.write(octet);
            if (octet == '\n') {
                if (lineIsEmpty) {
                    break;
                }
                lineIsEmpty = true;
            } else if (octet != '\r') {
                lineIsEmpty = false;
            }
        }
        return header.toByteArray();
    }

    /** The mail of a row. */
    Mail mail(ResultSet row) throws SQLException, MessagingException, IOException {
        MailImpl.Builder mail = MailImpl.builder()
                .name(row.getString("name"))
                .sender(sender(row.getString("sender")))
                .addRecipients(recipients((String[]) row.getArray("recipients").getArray()))
                .state(row.getString("state"))
                .errorMessage(row.getString("error_message"))
                .remoteHost(row.getString("remote_host"))
                .remoteAddr(row.getString("remote_addr"))
                .addAttributes(attributes(row.getString("attributes")))
                .addAllHeadersForRecipients(headers(row.getString("recipient_headers")));
        OffsetDateTime updated = row.getObject("last_updated", OffsetDateTime.class);
        if (updated != null) {
            mail.lastUpdated(Date.from(updated.toInstant()));
        }
        MailImpl built = mail.build();
        if (row.getBoolean("has_message")) {
            built.setMessageContent(new StoredMessage(
                    row.getString("name"),
                    row.getLong("size_bytes"),
                    row.getBytes("header"),
                    bodies,
                    row.getObject("body_id", UUID.class),
                    row.getBytes("sha256"),
                    row.getBytes("bytes"),
                    row.getObject("object", UUID.class)));
        }
        return built;
    }

    static @Nullable String sender(Mail mail) {
        MaybeSender sender = mail.getMaybeSender();
        return sender.isNullSender() ? null : sender.asString();
    }

    private static MaybeSender sender(@Nullable String stored) throws AddressException {
        return stored == null ? MaybeSender.nullSender() : MaybeSender.of(new MailAddress(stored));
    }

    static String[] recipients(Mail mail) {
        return mail.getRecipients().stream().map(MailAddress::asString).toArray(String[]::new);
    }

    private static List<MailAddress> recipients(String[] stored) throws AddressException {
        List<MailAddress> recipients = new ArrayList<>();
        for (String each : stored) {
            recipients.add(new MailAddress(each));
        }
        return recipients;
    }

    static @Nullable OffsetDateTime time(@Nullable Date date) {
        return date == null ? null : date.toInstant().atOffset(ZoneOffset.UTC);
    }

    /** What can be written of a mail's attributes; what cannot, lives only as long as the mail in memory. */
    static String attributes(Mail mail) {
        ObjectNode all = JSON.createObjectNode();
        mail.attributes()
                .forEach(attribute -> attribute
                        .getValue()
                        .toJson()
                        .ifPresent(json -> all.set(attribute.getName().asString(), json)));
        return write(all);
    }

    private static List<Attribute> attributes(String json) throws IOException {
        List<Attribute> attributes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : JSON.readTree(json).properties()) {
            attributes.add(new Attribute(AttributeName.of(each.getKey()), AttributeValue.fromJson(each.getValue())));
        }
        return attributes;
    }

    static String headers(Mail mail) {
        ArrayNode all = JSON.createArrayNode();
        mail.getPerRecipientSpecificHeaders()
                .getHeadersByRecipient()
                .forEach((recipient, header) -> all.addObject()
                        .put("recipient", recipient.asString())
                        .put("name", header.getName())
                        .put("value", header.getValue()));
        return write(all);
    }

    private static PerRecipientHeaders headers(String json) throws IOException, AddressException {
        PerRecipientHeaders headers = new PerRecipientHeaders();
        for (JsonNode each : JSON.readTree(json)) {
            headers.addHeaderForRecipient(
                    PerRecipientHeaders.Header.builder()
                            .name(each.path("name").asText())
                            .value(each.path("value").asText())
                            .build(),
                    new MailAddress(each.path("recipient").asText()));
        }
        return headers;
    }

    /** jsonb holds every character but U+0000. */
    private static String write(JsonNode json) {
        try {
            return JSON.writeValueAsString(json).replace("\\u0000", "");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A queued message, whose body is opened when it is read. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record StoredMessage(
            String name,
            long size,
            byte[] header,
            Bodies bodies,
            @Nullable UUID bodyId,
            byte[] sha256,
            byte @Nullable [] bytes,
            @Nullable UUID object)
            implements MimeMessageSource {
        @Override
        public String getSourceId() {
            return name + "-" + bodyId;
        }

        @Override
        public InputStream getInputStream() {
            return new SequenceInputStream(
                    new ByteArrayInputStream(header),
                    bodies.open(Objects.requireNonNull(bodyId), sha256, bytes, object));
        }

        @Override
        public long getMessageSize() {
            return size;
        }
    }

    /** The priority that a mail asks for, 0 to 9, or James's usual one. */
    static int priority(Mail mail) {
        Optional<Object> asked = mail.getAttribute(MailPrioritySupport.MAIL_PRIORITY)
                .map(attribute -> attribute.getValue().value());
        return asked.filter(Integer.class::isInstance)
                .map(value -> Math.clamp(
                        (Integer) value, MailPrioritySupport.LOW_PRIORITY, MailPrioritySupport.HIGH_PRIORITY))
                .orElse(MailPrioritySupport.NORMAL_PRIORITY);
    }
}
