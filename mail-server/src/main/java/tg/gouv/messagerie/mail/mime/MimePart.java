package tg.gouv.messagerie.mail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.james.mime4j.message.MaximalBodyDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * A message, or a part of one: where its octets are, and what it is divided into.
 *
 * <p>Positions count from the first octet of the whole message. Nothing is decoded. What is divided deeper than {@link #DEPTH_MAX} or
 * into more than {@link #PARTS_MAX} parts is left whole.
 */
public final class MimePart {
    /** How many multiparts and messages may be in one another; Postfix's mime_nesting_limit. */
    public static final int DEPTH_MAX = 100;

    /** How many parts are told apart in one message. */
    public static final int PARTS_MAX = 10_000;

    /** An empty text. */
    public static final MimePart EMPTY = new MimePart(0, PartScanner.TEXT);

    private final long start;
    private final List<MimePart> parts = new ArrayList<>();
    private long bodyStart;
    private long end;
    private long lines;
    private boolean opaque;
    private byte[] fields = {};
    private MaximalBodyDescriptor content;
    private @Nullable MimePart message;

    /** A part that begins here, of which nothing is known but what it is by default. */
    MimePart(long start, MaximalBodyDescriptor byDefault) {
        this.start = start;
        this.bodyStart = start;
        this.end = start;
        this.content = byDefault;
    }

    /**
     * How a message is divided.
     *
     * @param in read to its end, not closed
     */
    public static MimePart read(InputStream in) throws IOException {
        PartScanner scanner = new PartScanner(true);
        scanner.takeAll(in);
        return scanner.end();
    }

    // While it is read

    void described(long body, MaximalBodyDescriptor what, byte[] kept) {
        this.bodyStart = body;
        this.content = what;
        this.fields = kept;
    }

    void ended(long at, long bodyLines) {
        this.bodyStart = Math.min(bodyStart, at);
        this.end = at;
        this.lines = bodyLines;
    }

    void add(MimePart part) {
        parts.add(part);
    }

    void holds(MimePart embedded) {
        this.message = embedded;
    }

    void leftWhole() {
        this.opaque = true;
    }

    // Afterwards

    /** Where its header begins. */
    public long start() {
        return start;
    }

    /** Where its body begins, after the empty line if there is one. */
    public long bodyStart() {
        return bodyStart;
    }

    /** Where its body ends, before the line end that belongs to the next delimiter (RFC 2046 section 5.1.1). */
    public long end() {
        return end;
    }

    /** The number of lines of its body. */
    public long lines() {
        return lines;
    }

    /** What its header says of it (RFC 2045). */
    public MaximalBodyDescriptor content() {
        return content;
    }

    /** Those lines of its header that describe it and, of a message, that make its envelope. */
    public byte[] fields() {
        return fields.clone();
    }

    /** Whether it is divided into parts, and may have none all the same. */
    public boolean isMultipart() {
        return !opaque && "multipart".equalsIgnoreCase(content.getMediaType());
    }

    /** Whether it is divided deeper than is told, and so taken as octets. */
    public boolean isOpaque() {
        return opaque;
    }

    /** The parts of a multipart. */
    public List<MimePart> parts() {
        return Collections.unmodifiableList(parts);
    }

    /** The message that a message/rfc822 holds. */
    public Optional<MimePart> message() {
        return Optional.ofNullable(message);
    }

    /**
     * A part of this message by its number (RFC 9051 section 6.4.5.1).
     *
     * @param path such as 4, 2, 1 for « 4.2.1 »
     * @return empty if there is none
     */
    public Optional<MimePart> at(int[] path) {
        MimePart divided = this;
        MimePart found = null;
        for (int number : path) {
            if (found != null) {
                divided = found.message == null ? found : found.message;
                if (found.message == null && !found.isMultipart()) {
                    return Optional.empty();
                }
            }
            if (divided.isMultipart()) {
                if (number < 1 || number > divided.parts.size()) {
                    return Optional.empty();
                }
                found = divided.parts.get(number - 1);
            } else if (number == 1) {
                found = divided; // what is not divided has one part, its body
            } else {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(found);
    }
}
