package tg.gouv.messagerie.directory.imports;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/*
 * Cells are found among octets: delimiters, quotation marks and ends of lines are ASCII, which is never a part of another character, in
 * UTF-8 and in Windows-1252 alike. So a cell is decoded by itself, and one that is not as the rest is found where it is.
 *
 * After a fault the next row begins on the line after the one on which the faulty row began: a quotation mark that nobody closes costs
 * one row, not the rest of the file. That is why the octets of a row are kept, as many as a row may have.
 */
/**
 * Reads a CSV file (RFC 4180) row by row, in memory that does not grow with the file. The delimiter is {@code ,} or {@code ;}, whichever
 * the first line has more of; the encoding is UTF-8, or Windows-1252 where the beginning of the file is not UTF-8.
 */
public final class CsvReader implements Rows {
    private static final int CELL_BYTES_MAX = 4 * 1024;
    private static final int ROW_BYTES_MAX = 64 * 1024;
    private static final int CELLS_MAX = 100;

    /** How much of the beginning tells the encoding. */
    private static final int LOOK_BYTES = 256 * 1024;

    /** How much of a row that cannot be read is shown. */
    private static final int SHOWN_BYTES = 1_000;

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private final PushbackInputStream in;
    private final boolean mark;
    private final Charset encoding;
    private final byte delimiter;
    private int line = 1;

    /** How the octets of a row are read. */
    private enum Within {
        CELL_BEGINS,
        PLAIN,
        QUOTES,
        QUOTE_IN_QUOTES
    }

    /**
     * Begins to read.
     *
     * @param file is not closed by the reader
     * @throws ImportRefused if the file is empty, or no text in one of the two encodings
     */
    public CsvReader(InputStream file) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(file, LOOK_BYTES);
        buffered.mark(LOOK_BYTES);
        byte[] head = buffered.readNBytes(LOOK_BYTES);
        buffered.reset();
        if (head.length == 0) {
            throw new ImportRefused(ImportRefused.Reason.EMPTY_FILE);
        }
        boolean wide = head.length > 1
                && ((head[0] == (byte) 0xFF && head[1] == (byte) 0xFE)
                        || (head[0] == (byte) 0xFE && head[1] == (byte) 0xFF));
        if (wide || isBinary(head)) {
            throw new ImportRefused(ImportRefused.Reason.NOT_TEXT);
        }
        this.mark = head.length > 2
                && head[0] == (byte) 0xEF
                && head[1] == (byte) 0xBB
                && head[2] == (byte) 0xBF; // the byte order mark that spreadsheets write
        this.encoding = mark || mostlyUtf8(head) ? StandardCharsets.UTF_8 : WINDOWS_1252;
        this.delimiter = delimiter(head);
        this.in = new PushbackInputStream(buffered, ROW_BYTES_MAX + 1);
        if (mark) {
            in.skipNBytes(3);
        }
    }

    @Override
    public String encoding() {
        return mark ? "UTF-8 (BOM)" : encoding.equals(StandardCharsets.UTF_8) ? "UTF-8" : "Windows-1252";
    }

    @Override
    public char delimiter() {
        return (char) delimiter;
    }

    @Override
    public ImportFile.Format format() {
        return ImportFile.Format.CSV;
    }

    /** The next row that is not empty. */
    @Override
    public Optional<CsvRow> next() throws IOException {
        while (true) {
            int begins = line;
            ByteArrayOutputStream raw = new ByteArrayOutputStream(256);
            Optional<CsvRow> row = row(begins, raw);
            if (row.isEmpty()) {
                return row;
            }
            boolean blank =
                    row.get().fault().isEmpty() && row.get().cells().stream().allMatch(String::isBlank);
            if (!blank) {
                return row;
            }
        }
    }

    private Optional<CsvRow> row(int begins, ByteArrayOutputStream raw) throws IOException {
        List<byte[]> cells = new ArrayList<>();
        List<Integer> lines = new ArrayList<>();
        ByteArrayOutputStream cell = new ByteArrayOutputStream(64);
        Within within = Within.CELL_BEGINS;
        int cellBegins = line;
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                if (raw.size() == 0) {
                    return Optional.empty();
                }
                if (within == Within.QUOTES) {
                    return fault(CsvRow.Kind.OPEN_QUOTE, begins, cellBegins, cells, raw);
                }
                cells.add(cell.toByteArray());
                lines.add(cellBegins);
                return Optional.of(decoded(begins, cells, lines));
            }
            raw.write(octet);
            if (raw.size() >= ROW_BYTES_MAX || cell.size() > CELL_BYTES_MAX) {
                boolean open = within == Within.QUOTES && line > cellBegins; // over lines and lines: nobody meant that
                CsvRow.Kind kind = open
                        ? CsvRow.Kind.OPEN_QUOTE
                        : cell.size() > CELL_BYTES_MAX ? CsvRow.Kind.CELL_TOO_LONG : CsvRow.Kind.ROW_TOO_LONG;
                return fault(kind, begins, cellBegins, cells, raw);
            }
            if (within == Within.QUOTES) {
                if (octet == '"') {
                    within = Within.QUOTE_IN_QUOTES;
                } else {
                    line += octet == '\n' ? 1 : 0;
                    cell.write(octet);
                }
            } else if (octet == '"') {
                switch (within) {
                    case CELL_BEGINS -> within = Within.QUOTES;
                    case QUOTE_IN_QUOTES -> { // RFC 4180 section 2.7: a doubled quotation mark is one
                        cell.write(octet);
                        within = Within.QUOTES;
                    }
                    case PLAIN, QUOTES -> {
                        return fault(CsvRow.Kind.BARE_QUOTE, begins, cellBegins, cells, raw);
                    }
                }
            } else if (octet == delimiter) {
                cells.add(cell.toByteArray());
                lines.add(cellBegins);
                cell.reset();
                within = Within.CELL_BEGINS;
                cellBegins = line;
                if (cells.size() >= CELLS_MAX) {
                    return fault(CsvRow.Kind.TOO_MANY_CELLS, begins, cellBegins, cells, raw);
                }
            } else if (octet == '\n' || octet == '\r') {
                endLine(octet);
                cells.add(cell.toByteArray());
                lines.add(cellBegins);
                return Optional.of(decoded(begins, cells, lines));
            } else if (within == Within.QUOTE_IN_QUOTES) {
                return fault(CsvRow.Kind.AFTER_QUOTE, begins, cellBegins, cells, raw);
            } else {
                cell.write(octet);
                within = Within.PLAIN;
            }
        }
    }

    /** Ends of lines are those of any system. */
    private void endLine(int octet) throws IOException {
        if (octet == '\r') {
            int next = in.read();
            if (next >= 0 && next != '\n') {
                in.unread(next);
            }
        }
        line++;
    }

    /** A row that cannot be read; the next one begins on the next line. */
    private Optional<CsvRow> fault(CsvRow.Kind kind, int begins, int at, List<byte[]> cells, ByteArrayOutputStream raw)
            throws IOException {
        byte[] read = raw.toByteArray();
        int end = indexOf(read, (byte) '\n');
        if (end >= 0) {
            in.unread(read, end + 1, read.length - end - 1);
        } else {
            int octet = in.read();
            while (octet >= 0 && octet != '\n') {
                octet = in.read();
            }
            end = read.length;
        }
        line = begins + 1;
        byte[] shown = Arrays.copyOf(read, Math.min(end, SHOWN_BYTES));
        String text = new String(shown, encoding).strip();
        return Optional.of(new CsvRow(
                begins,
                List.of(text.split(String.valueOf((char) delimiter), -1)),
                List.of(),
                Optional.of(new CsvRow.Fault(kind, at, cells.size() + 1, ""))));
    }

    private CsvRow decoded(int begins, List<byte[]> cells, List<Integer> lines) {
        List<String> texts = new ArrayList<>(cells.size());
        Optional<CsvRow.Fault> fault = Optional.empty();
        for (int i = 0; i < cells.size(); i++) {
            byte[] cell = cells.get(i);
            Optional<String> text = decode(cell, encoding);
            boolean foreign = text.isEmpty() || (encoding.equals(WINDOWS_1252) && !isAscii(cell) && isUtf8(cell));
            Charset other = encoding.equals(WINDOWS_1252) ? StandardCharsets.UTF_8 : WINDOWS_1252;
            if (foreign || contains(cell, (byte) 0)) {
                Optional<String> otherwise = foreign ? decode(cell, other) : Optional.empty();
                CsvRow.Kind kind = otherwise.isPresent() ? CsvRow.Kind.OTHER_ENCODING : CsvRow.Kind.NO_CHARACTER;
                fault = fault.isPresent() ? fault : Optional.of(new CsvRow.Fault(kind, lines.get(i), i + 1, ""));
                text = otherwise.or(() -> Optional.of(new String(cell, StandardCharsets.US_ASCII)));
            }
            texts.add(text.orElseThrow());
        }
        return new CsvRow(begins, texts, lines.getLast() == begins ? List.of() : lines, fault);
    }

    private static Optional<String> decode(byte[] cell, Charset encoding) {
        if (isAscii(cell)) {
            return Optional.of(new String(cell, StandardCharsets.ISO_8859_1));
        }
        try {
            return Optional.of(encoding.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(cell))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        return decode(bytes, StandardCharsets.UTF_8).isPresent();
    }

    /** Whether more lines with accents are UTF-8 than are not; the last one may be cut. */
    private static boolean mostlyUtf8(byte[] head) {
        int yes = 0;
        int no = 0;
        int from = 0;
        for (int i = 0; i < head.length; i++) {
            if (head[i] == '\n' || i == head.length - 1) {
                byte[] each = Arrays.copyOfRange(head, from, i + 1);
                from = i + 1;
                if (!isAscii(each)) {
                    if (isUtf8(each)) {
                        yes++;
                    } else {
                        no++;
                    }
                }
            }
        }
        return yes >= no;
    }

    private static byte delimiter(byte[] head) {
        int commas = 0;
        int semicolons = 0;
        boolean quotes = false;
        for (byte each : head) {
            if (each == '\n' && !quotes) {
                break;
            }
            quotes ^= each == '"';
            commas += each == ',' && !quotes ? 1 : 0;
            semicolons += each == ';' && !quotes ? 1 : 0;
        }
        return (byte) (semicolons > commas ? ';' : ',');
    }

    /** A spreadsheet's own file, or text of two octets a character; a stray NUL is told where it is. */
    private static boolean isBinary(byte[] head) {
        long nuls = 0;
        for (byte each : head) {
            nuls += each == 0 ? 1 : 0;
        }
        String begins = new String(head, 0, Math.min(4, head.length), StandardCharsets.ISO_8859_1);
        return begins.equals("PK\u0003\u0004") || begins.equals("\u00D0\u00CF\u0011\u00E0") || nuls * 5 > head.length;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(byte[] bytes, byte wanted) {
        return indexOf(bytes, wanted) >= 0;
    }

    private static int indexOf(byte[] bytes, byte wanted) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
