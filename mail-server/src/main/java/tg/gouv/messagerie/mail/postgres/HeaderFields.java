package tg.gouv.messagerie.mail.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.mailbox.store.search.SearchUtil;
import org.apache.james.mime4j.dom.Header;
import org.apache.james.mime4j.dom.address.Address;
import org.apache.james.mime4j.dom.field.AddressListField;
import org.apache.james.mime4j.dom.field.DateTimeField;
import org.apache.james.mime4j.dom.field.FieldName;
import org.apache.james.mime4j.dom.field.MailboxListField;
import org.apache.james.mime4j.dom.field.ParsedField;
import org.apache.james.mime4j.dom.field.UnstructuredField;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.jspecify.annotations.Nullable;

/**
 * What SORT, THREAD (RFC 5256) and ENVELOPE ask of a header, parsed once when the message arrives; a field that cannot be read is
 * absent. The exact header is stored beside it.
 */
@SuppressWarnings("ArrayRecordComponent") // bound as a parameter, never compared
record HeaderFields(
        @Nullable OffsetDateTime sentDate,
        @Nullable String baseSubject,
        @Nullable String from,
        @Nullable String to,
        @Nullable String messageId,
        @Nullable String inReplyTo,
        String[] references) {
    /** Enough for SORT and for a list on a screen; an index entry stays below a page. */
    private static final int TEXT_MAX = 500;

    private static final int REFERENCES_MAX = 100;

    static HeaderFields of(InputStream header) throws IOException {
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
        Header fields = builder.parseHeader(header);
        return new HeaderFields(
                field(fields, FieldName.DATE, DateTimeField.class)
                        .map(DateTimeField::getDate)
                        .map(date -> date.toInstant())
                        .filter(HeaderFields::isPlausible)
                        .map(date -> date.atOffset(ZoneOffset.UTC))
                        .orElse(null),
                text(field(fields, FieldName.SUBJECT, UnstructuredField.class)
                        .map(UnstructuredField::getValue)
                        .map(SearchUtil::getBaseSubject)),
                text(field(fields, FieldName.FROM, MailboxListField.class)
                        .map(MailboxListField::getMailboxList)
                        .map(list -> joined(list.stream()))),
                text(field(fields, FieldName.TO, AddressListField.class)
                        .map(AddressListField::getAddressList)
                        .map(list -> joined(list.stream()))),
                text(body(fields, FieldName.MESSAGE_ID)),
                text(body(fields, "In-Reply-To")),
                references(body(fields, "References").orElse("")));
    }

    /** PostgreSQL's dates end earlier than a forger's. */
    private static boolean isPlausible(Instant date) {
        return date.isAfter(Instant.EPOCH.minusSeconds(1L << 32)) && date.isBefore(Instant.EPOCH.plusSeconds(1L << 36));
    }

    private static <F extends ParsedField> Optional<F> field(Header fields, String name, Class<F> kind) {
        return Optional.ofNullable(fields.getField(name))
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    private static Optional<String> body(Header fields, String name) {
        return Optional.ofNullable(fields.getField(name)).map(Field::getBody).map(String::strip);
    }

    private static String joined(Stream<? extends Address> addresses) {
        return addresses.limit(20).map(Address::toString).collect(Collectors.joining(", "));
    }

    private static String[] references(String body) {
        return Arrays.stream(body.strip().split("\\s+"))
                .filter(reference -> !reference.isEmpty())
                .limit(REFERENCES_MAX)
                .map(HeaderFields::storable)
                .toArray(String[]::new);
    }

    private static @Nullable String text(Optional<String> text) {
        return text.map(HeaderFields::storable).orElse(null);
    }

    /** PostgreSQL's text holds every character but U+0000. */
    private static String storable(String text) {
        String whole = text.indexOf('\0') < 0 ? text : text.replace("\0", "");
        return whole.length() <= TEXT_MAX
                ? whole
                : whole.substring(0, whole.offsetByCodePoints(0, whole.codePointCount(0, TEXT_MAX) - 1));
    }
}
