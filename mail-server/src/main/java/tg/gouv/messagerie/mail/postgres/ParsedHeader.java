package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mailbox.store.search.SearchUtil;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.dom.Header;
import org.apache.james.mime4j.dom.address.Address;
import org.apache.james.mime4j.dom.address.AddressList;
import org.apache.james.mime4j.dom.address.Group;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.DateTimeFieldLenientImpl;
import org.apache.james.mime4j.field.address.LenientAddressParser;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.util.MimeUtil;
import org.jspecify.annotations.Nullable;

/**
 * What SORT, THREAD and the thread keys need of a header, read once when the message arrives; whatever cannot be read is
 * absent.
 */
@SuppressWarnings("ArrayRecordComponent") // bound as a parameter, never compared
record ParsedHeader(
        @Nullable OffsetDateTime sentDate,
        @Nullable String baseSubject,
        @Nullable String from,
        @Nullable String to,
        @Nullable String messageId,
        @Nullable String inReplyTo,
        String[] references) {

    /** RFC 5322 section 2.1.1: a line has at most 998 characters; what is longer sorts by its beginning. */
    private static final int CHARACTERS_MAX = 998;

    /** A longer conversation is still found by its last messages. */
    private static final int REFERENCES_MAX = 100;

    private static final Pattern MESSAGE_ID = Pattern.compile("<[^<>\\s]{1,996}>");

    private static final ParsedHeader EMPTY = new ParsedHeader(null, null, null, null, null, null, new String[0]);

    /** Reads a header; never fails. */
    static ParsedHeader of(byte[] header) {
        try {
            DefaultMessageBuilder builder = new DefaultMessageBuilder();
            builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
            builder.setDecodeMonitor(DecodeMonitor.SILENT);
            return of(builder.parseHeader(new ByteArrayInputStream(header)));
        } catch (IOException | RuntimeException e) {
            return EMPTY; // a header that nobody can parse is still a message
        }
    }

    private static ParsedHeader of(Header header) {
        return new ParsedHeader(
                field(header, "Date").flatMap(ParsedHeader::date).orElse(null),
                text(header, "Subject")
                        .map(SearchUtil::getBaseSubject)
                        .map(ParsedHeader::cut)
                        .orElse(null),
                text(header, "From").flatMap(ParsedHeader::firstAddress).orElse(null),
                text(header, "To").flatMap(ParsedHeader::firstAddress).orElse(null),
                text(header, "Message-ID").flatMap(ParsedHeader::firstId).orElse(null),
                text(header, "In-Reply-To").flatMap(ParsedHeader::firstId).orElse(null),
                text(header, "References").map(ParsedHeader::lastIds).orElse(new String[0]));
    }

    private static Optional<Field> field(Header header, String name) {
        return Optional.ofNullable(header.getField(name));
    }

    private static Optional<String> text(Header header, String name) {
        return field(header, name).map(Field::getBody).map(MimeUtil::unfold);
    }

    private static Optional<OffsetDateTime> date(Field field) {
        Date date = DateTimeFieldLenientImpl.PARSER
                .parse(field, DecodeMonitor.SILENT)
                .getDate();
        return Optional.ofNullable(date)
                .map(Date::toInstant)
                .filter(ParsedHeader::isPlausible)
                .map(instant -> instant.atOffset(ZoneOffset.UTC));
    }

    /** RFC 5322 section 3.3: a year has four digits and is 1900 or later. */
    private static boolean isPlausible(Instant instant) {
        int year = instant.atOffset(ZoneOffset.UTC).getYear();
        return year >= 1900 && year <= 9999;
    }

    private static Optional<String> firstAddress(String text) {
        AddressList addresses = LenientAddressParser.DEFAULT.parseAddressList(text);
        for (Address address : addresses) {
            if (address instanceof Mailbox mailbox) {
                return Optional.of(cut(mailbox.getAddress().toLowerCase(Locale.ROOT)));
            }
            if (address instanceof Group group && !group.getMailboxes().isEmpty()) {
                return Optional.of(cut(group.getMailboxes().get(0).getAddress().toLowerCase(Locale.ROOT)));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> firstId(String text) {
        Matcher ids = MESSAGE_ID.matcher(text);
        return ids.find() ? Optional.of(cut(ids.group())) : Optional.empty();
    }

    private static String[] lastIds(String text) {
        String[] ids = MESSAGE_ID
                .matcher(text)
                .results()
                .map(found -> cut(found.group()))
                .toArray(String[]::new);
        return ids.length <= REFERENCES_MAX ? ids : Arrays.copyOfRange(ids, ids.length - REFERENCES_MAX, ids.length);
    }

    private static String cut(String text) {
        String clean = Text.clean(text);
        return clean.length() <= CHARACTERS_MAX ? clean : clean.substring(0, CHARACTERS_MAX);
    }
}
