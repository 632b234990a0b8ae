package tg.gouv.messagerie.mail.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Map;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.PerRecipientHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Everything of a mail but its message, as columns that queued mails and mails in repositories have in common.
 *
 * @param sender {@code null} is the null sender
 * @param attributes JSON: name to value, as James writes values; those that James does not write are left out
 * @param recipientHeaders JSON: recipient to a list of [name, value]
 */
@SuppressWarnings("ArrayRecordComponent") // its array is bound as a parameter, never compared
record QueueEnvelope(
        String name,
        @Nullable String sender,
        String[] recipients,
        @Nullable String state,
        @Nullable String error,
        @Nullable Instant lastUpdated,
        @Nullable String remoteHost,
        @Nullable String remoteAddress,
        String attributes,
        String recipientHeaders) {
    /** The columns, in the order of {@link #parameters}. */
    static final String COLUMNS = "name, sender, recipients, state, error, last_updated, remote_host, remote_address,"
            + " attributes, recipient_headers";

    /** Their places in {@code values (…)}. */
    static final String PLACES = "?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?::json";

    /** Pure ASCII, so that no text, however broken, is refused or changed on its way through the database. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** The columns of a mail. */
    static QueueEnvelope of(Mail mail) {
        return new QueueEnvelope(
                storable(mail.getName()),
                mail.getMaybeSender().asOptional().map(MailAddress::asString).orElse(null),
                mail.getRecipients().stream().map(MailAddress::asString).toArray(String[]::new),
                storableOrNull(mail.getState()),
                storableOrNull(mail.getErrorMessage()),
                mail.getLastUpdated() == null ? null : mail.getLastUpdated().toInstant(),
                storableOrNull(mail.getRemoteHost()),
                storableOrNull(mail.getRemoteAddr()),
                written(attributes(mail)),
                written(recipientHeaders(mail.getPerRecipientSpecificHeaders())));
    }

    /** Reads {@link #COLUMNS} of the current row. */
    static QueueEnvelope read(ResultSet row) throws SQLException {
        OffsetDateTime updated = row.getObject("last_updated", OffsetDateTime.class);
        return new QueueEnvelope(
                row.getString("name"),
                row.getString("sender"),
                (String[]) row.getArray("recipients").getArray(),
                row.getString("state"),
                row.getString("error"),
                updated == null ? null : updated.toInstant(),
                row.getString("remote_host"),
                row.getString("remote_address"),
                row.getString("attributes"),
                row.getString("recipient_headers"));
    }

    /** The parameters of {@link #PLACES}. */
    @Nullable
    Object[] parameters() {
        return new @Nullable Object[] {
            name,
            sender,
            recipients,
            state,
            error,
            lastUpdated == null ? null : lastUpdated.atOffset(ZoneOffset.UTC),
            remoteHost,
            remoteAddress,
            attributes,
            recipientHeaders
        };
    }

    /**
     * The mail, without its message.
     *
     * @throws UnreadableMail if a column does not hold what it should
     */
    MailImpl mail() throws UnreadableMail {
        try {
            MailImpl.Builder builder = MailImpl.builder().name(name);
            for (String recipient : recipients) {
                builder.addRecipient(new MailAddress(recipient));
            }
            if (sender != null) {
                builder.sender(new MailAddress(sender));
            }
            for (Map.Entry<String, JsonNode> field : JSON.readTree(attributes).properties()) {
                builder.addAttribute(
                        new Attribute(AttributeName.of(field.getKey()), AttributeValue.fromJson(field.getValue())));
            }
            builder.addAllHeadersForRecipients(recipientHeaders(JSON.readTree(recipientHeaders)));
            return completed(builder.build());
        } catch (AddressException | JsonProcessingException | RuntimeException e) {
            throw new UnreadableMail(
                    "its envelope cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    /** What can be shown of a mail that {@link #mail} cannot read. */
    MailImpl remains() {
        return completed(
                MailImpl.builder().name(name.isEmpty() ? "unnamed" : name).build());
    }

    private MailImpl completed(MailImpl mail) {
        mail.setState(state);
        mail.setErrorMessage(error);
        mail.setLastUpdated(lastUpdated == null ? null : Date.from(lastUpdated));
        mail.setRemoteHost(remoteHost);
        mail.setRemoteAddr(remoteAddress);
        return mail;
    }

    private static ObjectNode attributes(Mail mail) {
        ObjectNode result = JSON.createObjectNode();
        mail.attributes()
                .forEach(attribute -> attribute
                        .getValue()
                        .toJson()
                        .ifPresent(value -> result.set(attribute.getName().asString(), value)));
        return result;
    }

    private static ObjectNode recipientHeaders(PerRecipientHeaders headers) {
        ObjectNode result = JSON.createObjectNode();
        headers.getHeadersByRecipient().asMap().forEach((recipient, list) -> {
            ArrayNode written = result.putArray(recipient.asString());
            list.forEach(header -> written.addArray().add(header.getName()).add(header.getValue()));
        });
        return result;
    }

    private static PerRecipientHeaders recipientHeaders(JsonNode written) throws AddressException {
        PerRecipientHeaders result = new PerRecipientHeaders();
        for (Map.Entry<String, JsonNode> recipient : written.properties()) {
            for (JsonNode header : recipient.getValue()) {
                result.addHeaderForRecipient(
                        PerRecipientHeaders.Header.builder()
                                .name(header.required(0).textValue())
                                .value(header.required(1).textValue()),
                        new MailAddress(recipient.getKey()));
            }
        }
        return result;
    }

    private static String written(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree of ours
        }
    }

    /** PostgreSQL stores no NUL in a text; another server's answer may hold one. */
    private static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    private static @Nullable String storableOrNull(@Nullable String text) {
        return text == null ? null : storable(text);
    }

    /** A stored mail that cannot be made a mail again. */
    static final class UnreadableMail extends Exception {
        private static final long serialVersionUID = 1;

        UnreadableMail(String operator, @Nullable Throwable cause) {
            super(operator, cause);
        }
    }
}
