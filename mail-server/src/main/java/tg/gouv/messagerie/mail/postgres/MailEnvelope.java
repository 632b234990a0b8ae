package tg.gouv.messagerie.mail.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
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
 * Everything of a mail but its message, as the columns that queued mail and mail that is put aside have in common.
 *
 * @param sender {@code null} is the null sender
 * @param attributes JSON: name to value, as James writes values; those that James does not write live only as long as the mail
 * @param recipientHeaders JSON: a list of recipient, name, value
 */
@SuppressWarnings("ArrayRecordComponent") // its array is bound as a parameter, never compared
record MailEnvelope(
        String name,
        @Nullable String sender,
        String[] recipients,
        @Nullable String state,
        @Nullable String error,
        @Nullable String remoteHost,
        @Nullable String remoteAddress,
        @Nullable Instant lastUpdated,
        String attributes,
        String recipientHeaders) {
    /** The columns, in the order of {@link #parameters}. */
    static final String COLUMNS =
            "name, sender, recipients, state, error_message, remote_host, remote_addr, last_updated,"
                    + " attributes, recipient_headers";

    /** Their places in {@code values (…)}. */
    static final String PLACES = "?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?::json";

    /** By which a mail that was handed out, and every mail that James splits off it, is known to the queue; never stored. */
    static final AttributeName QUEUE_ID = AttributeName.of("tg.gouv.messagerie.queue-id");

    /** How often one mail brought forth another until this one came about. */
    static final AttributeName HOPS = AttributeName.of("tg.gouv.messagerie.hops");

    /** Pure ASCII, so that no text, however broken, is refused or changed on its way through the database. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** The columns of a mail. */
    static MailEnvelope of(Mail mail) {
        return new MailEnvelope(
                EscapedText.column(mail.getName()),
                mail.getMaybeSender().asOptional().map(MailEnvelope::column).orElse(null),
                mail.getRecipients().stream().map(MailEnvelope::column).toArray(String[]::new),
                EscapedText.columnOrNull(mail.getState()),
                EscapedText.columnOrNull(mail.getErrorMessage()),
                EscapedText.columnOrNull(mail.getRemoteHost()),
                EscapedText.columnOrNull(mail.getRemoteAddr()),
                mail.getLastUpdated() == null ? null : mail.getLastUpdated().toInstant(),
                written(attributes(mail)),
                written(recipientHeaders(mail.getPerRecipientSpecificHeaders())));
    }

    /** Reads {@link #COLUMNS} of the current row. */
    static MailEnvelope read(ResultSet row) throws SQLException {
        OffsetDateTime updated = row.getObject("last_updated", OffsetDateTime.class);
        return new MailEnvelope(
                row.getString("name"),
                row.getString("sender"),
                (String[]) row.getArray("recipients").getArray(),
                row.getString("state"),
                row.getString("error_message"),
                row.getString("remote_host"),
                row.getString("remote_addr"),
                updated == null ? null : updated.toInstant(),
                row.getString("attributes"),
                row.getString("recipient_headers"));
    }

    /** An address as a column has it. */
    static String column(MailAddress address) {
        return EscapedText.column(address.asString());
    }

    /** The same for other recipients. */
    MailEnvelope withRecipients(String[] others) {
        return with(others, attributes);
    }

    /** The same after so many hops. */
    MailEnvelope withHops(int hops) {
        return with(recipients, attributesWith(new Attribute(HOPS, AttributeValue.of(hops))));
    }

    private MailEnvelope with(String[] otherRecipients, String otherAttributes) {
        return new MailEnvelope(
                name,
                sender,
                otherRecipients,
                state,
                error,
                remoteHost,
                remoteAddress,
                lastUpdated,
                otherAttributes,
                recipientHeaders);
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
            remoteHost,
            remoteAddress,
            lastUpdated == null ? null : lastUpdated.atOffset(ZoneOffset.UTC),
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
            MailImpl.Builder builder = MailImpl.builder().name(EscapedText.text(name));
            for (String recipient : recipients) {
                builder.addRecipient(address(recipient));
            }
            if (sender != null) {
                builder.sender(address(sender));
            }
            for (Map.Entry<String, JsonNode> field : JSON.readTree(attributes).properties()) {
                builder.addAttribute(new Attribute(
                        AttributeName.of(EscapedText.text(field.getKey())), AttributeValue.fromJson(field.getValue())));
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

    /** {@link #attributes} with one of them replaced. */
    String attributesWith(Attribute attribute) {
        try {
            ObjectNode all = (ObjectNode) JSON.readTree(attributes);
            attribute.getValue().toJson().ifPresent(value -> all.set(field(attribute), value));
            return written(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("attributes that were read before", e);
        }
    }

    private MailImpl completed(MailImpl mail) {
        mail.setState(EscapedText.textOrNull(state));
        mail.setErrorMessage(EscapedText.textOrNull(error));
        mail.setLastUpdated(lastUpdated == null ? null : Date.from(lastUpdated));
        mail.setRemoteHost(EscapedText.textOrNull(remoteHost));
        mail.setRemoteAddr(EscapedText.textOrNull(remoteAddress));
        return mail;
    }

    private static MailAddress address(String column) throws AddressException {
        return new MailAddress(EscapedText.text(column));
    }

    private static ObjectNode attributes(Mail mail) {
        ObjectNode result = JSON.createObjectNode();
        mail.attributes()
                .filter(attribute -> !attribute.getName().equals(QUEUE_ID))
                .forEach(attribute ->
                        attribute.getValue().toJson().ifPresent(value -> result.set(field(attribute), value)));
        return result;
    }

    /** Escaped: JSON's readers refuse half a surrogate pair in the name of a field. */
    private static String field(Attribute attribute) {
        return EscapedText.column(attribute.getName().asString());
    }

    private static ArrayNode recipientHeaders(PerRecipientHeaders headers) {
        ArrayNode result = JSON.createArrayNode();
        headers.getHeadersByRecipient()
                .forEach((recipient, header) -> result.addObject()
                        .put("recipient", recipient.asString())
                        .put("name", header.getName())
                        .put("value", header.getValue()));
        return result;
    }

    private static PerRecipientHeaders recipientHeaders(JsonNode written) throws AddressException {
        PerRecipientHeaders result = new PerRecipientHeaders();
        for (JsonNode header : written) {
            result.addHeaderForRecipient(
                    PerRecipientHeaders.Header.builder()
                            .name(header.required("name").textValue())
                            .value(header.required("value").textValue())
                            .build(),
                    new MailAddress(header.required("recipient").textValue()));
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

    /** A stored mail that cannot be made a mail again. */
    static final class UnreadableMail extends Exception {
        private static final long serialVersionUID = 1;

        UnreadableMail(String operator, @Nullable Throwable cause) {
            super(operator, cause);
        }
    }
}
