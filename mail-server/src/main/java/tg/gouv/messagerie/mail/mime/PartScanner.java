package tg.gouv.messagerie.mail.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.dom.FieldParser;
import org.apache.james.mime4j.dom.field.ParsedField;
import org.apache.james.mime4j.field.LenientFieldParser;
import org.apache.james.mime4j.message.DefaultBodyDescriptorBuilder;
import org.apache.james.mime4j.message.MaximalBodyDescriptor;
import org.apache.james.mime4j.stream.RawFieldParser;
import org.apache.james.mime4j.util.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/*
 * One pass, line by line, with a stack of what is open; no recursion and no stream within a stream, so that the work on an octet
 * does not grow with the depth. A delimiter of any open multipart ends everything within it (RFC 2046 section 5.1.2); the line end
 * before it is the delimiter's (section 5.1.1). A message within a message is divided as it is written, whatever its
 * encoding says: section 5.2.1 allows none.
 */
/** Divides a message into parts while its lines pass. */
final class PartScanner {
    private static final FieldParser<ParsedField> FIELDS = LenientFieldParser.getParser();

    private static final String DIGEST = "multipart/digest";

    static final MaximalBodyDescriptor TEXT =
            (MaximalBodyDescriptor) builder("").build();

    private static final MaximalBodyDescriptor MESSAGE =
            (MaximalBodyDescriptor) builder(DIGEST).build();

    private static final Set<String> OF_ENVELOPES =
            Set.of("date", "subject", "from", "sender", "reply-to", "to", "cc", "bcc", "in-reply-to", "message-id");

    /** What is kept of one header, and of all; a header that describes a part has some hundred octets. */
    private static final int HEADER_MAX = 256 * 1024;

    private static final int HEADERS_MAX = 8 * 1024 * 1024;

    private static final int BUFFER = 64 * 1024;

    /** A longer line is taken in pieces; no delimiter is so long. */
    private static final int LINE = 8 * 1024;

    private enum State {
        HEADER,
        PARTS,
        REST
    }

    /** Something whose end was not seen yet. */
    private static final class Open {
        final MimePart part;
        final int depth;
        final boolean isMessage;
        final String parent;
        State state = State.HEADER;
        byte[] delimiter = {};
        long linesBefore;
        boolean keeps;

        @Nullable
        ByteArrayOutputStream header = new ByteArrayOutputStream();

        Open(MimePart part, int depth, boolean isMessage, String parent) {
            this.part = part;
            this.depth = depth;
            this.isMessage = isMessage;
            this.parent = parent;
        }
    }

    private final boolean remembers;
    private final List<Open> open = new ArrayList<>();
    private final MimePart whole;
    private long position;
    private long newlines;
    private int lineEnd;
    private boolean afterCr;
    private int parts;
    private int kept;
    private boolean tooDeep;

    /**
     * Of a message that begins now.
     *
     * @param remembers whether the parts are wanted, or only whether they are too deep
     */
    PartScanner(boolean remembers) {
        this.remembers = remembers;
        this.whole = begin(0, 0, true, "");
    }

    boolean isTooDeep() {
        return tooDeep;
    }

    void takeAll(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int from = 0;
        int to = 0;
        boolean begins = true;
        while (true) {
            int newline = from;
            while (newline < to && buffer[newline] != '\n') {
                newline++;
            }
            if (newline < to) {
                take(buffer, from, newline + 1, begins, true);
                from = newline + 1;
                begins = true;
            } else if (to - from >= LINE) {
                take(buffer, from, to, begins, false);
                from = to;
                begins = false;
            } else {
                System.arraycopy(buffer, from, buffer, 0, to - from);
                to -= from;
                from = 0;
                int read = in.read(buffer, to, buffer.length - to);
                if (read < 0) {
                    take(buffer, 0, to, begins, true);
                    return;
                }
                to += read;
            }
        }
    }

    /**
     * Takes a line, or a piece of one.
     *
     * @param begins whether it is the line's first piece
     * @param ends whether it is its last
     */
    void take(byte[] octets, int from, int to, boolean begins, boolean ends) {
        if (from == to) {
            return;
        }
        if (!(begins && ends && isDelimiter(octets, from, to))) {
            Open innermost = open.getLast();
            if (innermost.state == State.HEADER) {
                if (begins && isEmpty(octets, from, to)) {
                    passed(octets, from, to);
                    endHeader(innermost);
                    return;
                }
                keep(innermost, octets, from, to, begins);
            }
        }
        passed(octets, from, to);
    }

    private void passed(byte[] octets, int from, int to) {
        position += to - from;
        boolean newline = octets[to - 1] == '\n';
        newlines += newline ? 1 : 0;
        boolean cr = to - from > 1 ? octets[to - 2] == '\r' : afterCr;
        lineEnd = newline ? (cr ? 2 : 1) : 0;
        afterCr = octets[to - 1] == '\r';
    }

    // Delimiters

    private boolean isDelimiter(byte[] octets, int from, int to) {
        if (to - from < 3 || octets[from] != '-' || octets[from + 1] != '-') {
            return false;
        }
        for (int i = open.size() - 1; i >= 0; i--) {
            Open each = open.get(i);
            if (each.state == State.PARTS && startsWith(octets, from + 2, to, each.delimiter)) {
                int rest = from + 2 + each.delimiter.length;
                boolean closes = rest + 1 < to && octets[rest] == '-' && octets[rest + 1] == '-';
                if (isBlank(octets, closes ? rest + 2 : rest, to)) {
                    return divide(i, closes, to - from);
                }
            }
        }
        return false;
    }

    private boolean divide(int multipart, boolean closes, int length) {
        if (!closes && parts == MimePart.PARTS_MAX && remembers) {
            return false;
        }
        while (open.size() > multipart + 1) {
            close(open.removeLast(), lineEnd);
        }
        Open divided = open.getLast();
        if (closes) {
            divided.state = State.REST;
        } else {
            parts++;
            MimePart part = begin(
                    position + length,
                    divided.depth + 1,
                    false,
                    divided.part.content().getMimeType());
            if (remembers) {
                divided.part.add(part);
            }
        }
        return true;
    }

    private MimePart begin(long start, int depth, boolean isMessage, String parent) {
        MimePart part = new MimePart(start, byDefault(parent));
        open.add(new Open(part, depth, isMessage, parent));
        return part;
    }

    private void close(Open each, int delimiters) {
        if (each.state == State.HEADER) { // it has no body
            describe(each, position);
            each.part.ended(position, 0);
            return;
        }
        long end = Math.max(each.part.bodyStart(), position - delimiters);
        long lines = newlines - each.linesBefore - (delimiters > 0 ? 1 : 0);
        each.part.ended(end, Math.max(0, lines));
    }

    /** What there was, when there is no more. */
    MimePart end() {
        while (!open.isEmpty()) {
            close(open.removeLast(), 0);
        }
        return whole;
    }

    // Headers

    private void keep(Open each, byte[] octets, int from, int to, boolean begins) {
        if (begins && octets[from] != ' ' && octets[from] != '\t') {
            each.keeps = isKept(each, octets, from, to);
        }
        if (each.keeps && each.header != null && each.header.size() + to - from <= HEADER_MAX) {
            each.header.write(octets, from, to - from);
        }
    }

    private boolean isKept(Open each, byte[] octets, int from, int to) {
        int colon = from;
        while (colon < to && colon - from < 30 && octets[colon] != ':') {
            colon++;
        }
        String name = new String(octets, from, colon - from, StandardCharsets.ISO_8859_1)
                .strip()
                .toLowerCase(Locale.ROOT);
        return name.startsWith("content-") || (remembers && each.isMessage && OF_ENVELOPES.contains(name));
    }

    private void describe(Open each, long bodyStart) {
        byte[] header = each.header == null ? new byte[0] : each.header.toByteArray();
        each.header = null;
        kept += header.length;
        boolean mayKeep = remembers && kept <= HEADERS_MAX;
        each.part.described(bodyStart, describe(header, each.parent), mayKeep ? header : new byte[0]);
    }

    private void endHeader(Open each) {
        describe(each, position);
        each.linesBefore = newlines;
        each.state = State.REST;
        MaximalBodyDescriptor content = each.part.content();
        boolean multipart = "multipart".equalsIgnoreCase(content.getMediaType());
        boolean message = "message".equalsIgnoreCase(content.getMediaType())
                && ("rfc822".equalsIgnoreCase(content.getSubType())
                        || "global".equalsIgnoreCase(content.getSubType())); // RFC 6532 section 3.7
        String boundary = content.getBoundary();
        boolean divided = message || (multipart && boundary != null && !boundary.isEmpty());
        if (divided && each.depth >= MimePart.DEPTH_MAX) {
            tooDeep = true;
            each.part.leftWhole();
        } else if (message) {
            MimePart embedded = begin(position, each.depth + 1, true, "");
            if (remembers) {
                each.part.holds(embedded);
            }
        } else if (divided && boundary != null && boundary.length() < LINE / 2) {
            each.state = State.PARTS;
            each.delimiter = boundary.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** What something is whose header does not say: a part of a multipart/digest is a message (RFC 2046 section 5.1.5). */
    private static MaximalBodyDescriptor byDefault(String parent) {
        return DIGEST.equalsIgnoreCase(parent) ? MESSAGE : TEXT;
    }

    private static MaximalBodyDescriptor describe(byte[] header, String parent) {
        if (header.length == 0) {
            return byDefault(parent);
        }
        DefaultBodyDescriptorBuilder builder = builder(parent);
        for (int from = 0; from < header.length; ) {
            int to = from;
            do {
                to = nextLine(header, to);
            } while (to < header.length && (header[to] == ' ' || header[to] == '\t'));
            int end = to;
            while (end > from && (header[end - 1] == '\n' || header[end - 1] == '\r')) {
                end--;
            }
            try {
                builder.addField(RawFieldParser.DEFAULT.parseField(
                        new ByteArrayBuffer(Arrays.copyOfRange(header, from, end), true)));
            } catch (MimeException e) {
                // a line that is no field says nothing
            }
            from = to;
        }
        return (MaximalBodyDescriptor) builder.build();
    }

    @SuppressWarnings("NullAway") // without a parent it is a text by default
    private static DefaultBodyDescriptorBuilder builder(String parent) {
        DefaultBodyDescriptorBuilder builder =
                new DefaultBodyDescriptorBuilder(parent.isEmpty() ? null : parent, FIELDS, DecodeMonitor.SILENT);
        builder.reset();
        return builder;
    }

    private static int nextLine(byte[] header, int from) {
        int i = from;
        while (i < header.length && header[i] != '\n') {
            i++;
        }
        return Math.min(header.length, i + 1);
    }

    // Octets

    private static boolean startsWith(byte[] octets, int from, int to, byte[] beginning) {
        return to - from >= beginning.length
                && Arrays.equals(octets, from, from + beginning.length, beginning, 0, beginning.length);
    }

    private static boolean isEmpty(byte[] line, int from, int to) {
        return line[from] == '\n' || (to - from == 2 && line[from] == '\r' && line[from + 1] == '\n');
    }

    private static boolean isBlank(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            if (octets[i] != ' ' && octets[i] != '\t' && octets[i] != '\r' && octets[i] != '\n') {
                return false;
            }
        }
        return true;
    }
}
