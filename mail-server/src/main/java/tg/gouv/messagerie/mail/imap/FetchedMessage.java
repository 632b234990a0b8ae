package tg.gouv.messagerie.mail.imap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.io.input.BoundedInputStream;
import org.apache.james.imap.api.message.BodyFetchElement;
import org.apache.james.imap.api.message.SectionType;
import org.apache.james.imap.message.response.FetchResponse;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.MessageResult;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.mime.HeaderFields;
import tg.gouv.messagerie.mail.mime.MimePart;

/*
 * Sections are octets of the message, told by where they begin and end: James parses the message again for each, writes headers anew
 * (a signature over BODY[1.MIME] would not hold) and finds nothing in a message that is a part.
 */
/** What FETCH tells of one message besides its flags (RFC 9051 section 6.4.5); the message is divided once, if at all. */
final class FetchedMessage {
    private final MessageResult message;
    private @Nullable MimePart whole;
    private @Nullable HeaderFields header;

    FetchedMessage(MessageResult message) {
        this.message = message;
    }

    FetchResponse.Envelope envelope() throws IOException, MailboxException {
        return new MessageEnvelope(header());
    }

    FetchResponse.Structure structure() throws IOException, MailboxException {
        return new PartStructure(whole());
    }

    /** The sections that were asked for, in that order. */
    List<FetchResponse.BodyElement> sections(Collection<BodyFetchElement> asked) throws IOException, MailboxException {
        List<FetchResponse.BodyElement> all = new ArrayList<>();
        for (BodyFetchElement each : asked) {
            Section section = section(each);
            Long first = each.getFirstOctet();
            all.add(first == null ? section : section.partial(first, each.getNumberOfOctets()));
        }
        return all;
    }

    private MimePart whole() throws IOException, MailboxException {
        if (whole == null) {
            try (InputStream in = message.getFullContent().getInputStream()) {
                whole = MimePart.read(in);
            }
        }
        return whole;
    }

    private HeaderFields header() throws IOException, MailboxException {
        if (header == null) {
            try (InputStream in = message.getHeaders().getInputStream()) {
                header = HeaderFields.of(in.readAllBytes());
            }
        }
        return header;
    }

    // Sections

    @FunctionalInterface
    private interface Octets {
        InputStream open() throws IOException, MailboxException;
    }

    private Section section(BodyFetchElement asked) throws IOException, MailboxException {
        String name = asked.getResponseName();
        int[] path = asked.getPath();
        if (path == null || path.length == 0) {
            return ofMessage(name, asked);
        }
        Optional<MimePart> part = whole().at(path);
        return switch (asked.getSectionType()) {
            case CONTENT ->
                part.map(it -> slice(name, it.bodyStart(), it.end())).orElse(Section.empty(name));
            case MIME -> part.map(it -> slice(name, it.start(), it.bodyStart())).orElse(Section.empty(name));
            case TEXT ->
                part.flatMap(MimePart::message)
                        .map(it -> slice(name, it.bodyStart(), it.end()))
                        .orElse(Section.empty(name));
            case HEADER, HEADER_FIELDS, HEADER_NOT_FIELDS -> {
                Section whole = part.flatMap(MimePart::message)
                        .map(it -> slice(name, it.start(), it.bodyStart()))
                        .orElse(Section.empty(name));
                yield asked.getSectionType() == SectionType.HEADER ? whole : selected(whole, asked);
            }
        };
    }

    private Section ofMessage(String name, BodyFetchElement asked) throws IOException, MailboxException {
        return switch (asked.getSectionType()) {
            case CONTENT ->
                new Section(
                        name,
                        0,
                        message.getSize(),
                        () -> message.getFullContent().getInputStream());
            case TEXT ->
                new Section(
                        name,
                        0,
                        message.getBody().size(),
                        () -> message.getBody().getInputStream());
            case HEADER, MIME ->
                new Section(
                        name,
                        0,
                        message.getHeaders().size(),
                        () -> message.getHeaders().getInputStream());
            case HEADER_FIELDS -> Section.of(name, header().only(asked.getFieldNames()));
            case HEADER_NOT_FIELDS -> Section.of(name, header().without(asked.getFieldNames()));
        };
    }

    private static Section selected(Section header, BodyFetchElement asked) throws IOException {
        try (InputStream in = header.getInputStream()) {
            HeaderFields fields = HeaderFields.of(in.readAllBytes());
            return Section.of(
                    header.name(),
                    asked.getSectionType() == SectionType.HEADER_FIELDS
                            ? fields.only(asked.getFieldNames())
                            : fields.without(asked.getFieldNames()));
        }
    }

    private Section slice(String name, long from, long to) {
        return new Section(
                name,
                from,
                Math.max(0, to - from),
                () -> message.getFullContent().getInputStream());
    }

    /** Some octets beside one another. */
    private record Section(String name, long from, long length, Octets octets) implements FetchResponse.BodyElement {
        static Section of(String name, byte[] all) {
            return new Section(name, 0, all.length, () -> new ByteArrayInputStream(all));
        }

        static Section empty(String name) {
            return of(name, new byte[0]);
        }

        /** RFC 9051 section 6.4.5: from an octet on, at most so many; beyond the end there is nothing. */
        Section partial(long first, @Nullable Long count) {
            long there = Math.max(0, length - first);
            long wanted = Math.min(there, Objects.requireNonNullElse(count, there));
            return new Section(name + "<" + first + ">", from + Math.min(first, length), wanted, octets);
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public long size() {
            return length;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            try {
                InputStream in = octets.open();
                in.skipNBytes(from);
                return BoundedInputStream.builder()
                        .setInputStream(in)
                        .setMaxCount(length)
                        .get();
            } catch (MailboxException e) {
                throw new IOException("the message cannot be read", e);
            }
        }
    }
}
