package tg.gouv.messagerie.mail.mime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.mail.internet.MimeUtility;

/** The fields of a header (RFC 5322 section 2.2), as the octets they are. */
public final class HeaderFields {
    private final byte[] header;
    private final List<Field> fields = new ArrayList<>();
    private int end;

    private record Field(String name, int from, int colon, int to) {}

    private HeaderFields(byte[] header) {
        this.header = header;
    }

    /**
     * The fields of a header.
     *
     * @param header kept, not copied; with the empty line at its end, if it has one
     */
    public static HeaderFields of(byte[] header) {
        HeaderFields all = new HeaderFields(header);
        int from = 0;
        while (from < header.length && !all.isEmptyLine(from)) {
            int to = all.afterLine(from);
            while (to < header.length && (header[to] == ' ' || header[to] == '\t')) {
                to = all.afterLine(to);
            }
            all.add(from, to);
            from = to;
        }
        all.end = from;
        return all;
    }

    private void add(int from, int to) {
        int colon = from;
        while (colon < to && header[colon] != ':') {
            colon++;
        }
        String name = colon == to ? "" : new String(header, from, colon - from, StandardCharsets.ISO_8859_1).strip();
        fields.add(new Field(name, from, Math.min(to, colon + 1), to));
    }

    private boolean isEmptyLine(int at) {
        return header[at] == '\n' || (header[at] == '\r' && at + 1 < header.length && header[at + 1] == '\n');
    }

    private int afterLine(int from) {
        int i = from;
        while (i < header.length && header[i] != '\n') {
            i++;
        }
        return Math.min(header.length, i + 1);
    }

    /** The octets of some fields, in their order, and of the empty line if the header has one. */
    public byte[] only(Collection<String> names) {
        return select(names, true);
    }

    /** The octets of all other fields, and of the empty line. */
    public byte[] without(Collection<String> names) {
        return select(names, false);
    }

    private byte[] select(Collection<String> names, boolean those) {
        ByteArrayOutputStream selected = new ByteArrayOutputStream();
        for (Field field : fields) {
            if (names.stream().anyMatch(field.name()::equalsIgnoreCase) == those) {
                selected.write(header, field.from(), field.to() - field.from());
            }
        }
        selected.write(header, end, header.length - end);
        return selected.toByteArray();
    }

    /** The text of the first field of this name, unfolded, not decoded; octets above 127 are UTF-8, or else Latin-1. */
    public Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst()
                .map(field -> MimeUtility.unfold(text(field)).strip());
    }

    private String text(Field field) {
        ByteBuffer octets = ByteBuffer.wrap(header, field.colon(), field.to() - field.colon());
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(octets.duplicate())
                    .toString();
        } catch (CharacterCodingException e) {
            return StandardCharsets.ISO_8859_1.decode(octets).toString();
        }
    }
}
