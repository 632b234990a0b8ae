package tg.gouv.messagerie.mail.filters;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads commands of RFC 5804: words, quoted strings and literals up to a line end. */
final class CommandReader {
    /** A command has three arguments at most; a quoted string 1,024 octets (RFC 5804 section 4). */
    private static final int ARGUMENTS_MAX = 4;

    private static final int WORD_MAX = 64;
    private static final int QUOTED_MAX = 1_024;

    private final InputStream in;
    private final int literalMax;

    CommandReader(InputStream in, int literalMax) {
        this.in = new BufferedInputStream(in);
        this.literalMax = literalMax;
    }

    /** Whether something was read from the connection and not yet from here. */
    boolean holdsMore() throws IOException {
        return in.available() > 0;
    }

    /**
     * The next command and its arguments; an empty line is an empty list.
     *
     * @throws EOFException if the client is gone
     */
    List<String> read() throws IOException, Malformed {
        List<String> parts = new ArrayList<>();
        while (true) {
            int octet = octet();
            switch (octet) {
                case ' ' -> {}
                case '\r' -> {
                    if (octet() != '\n') {
                        throw Malformed.connection("a bare CR");
                    }
                    return parts;
                }
                case '"' -> parts.add(quoted());
                case '{' -> parts.add(literal());
                default -> {
                    String word = word(octet);
                    parts.add(word.stripTrailing());
                    if (word.endsWith("\n")) {
                        return parts;
                    }
                }
            }
            if (parts.size() > ARGUMENTS_MAX) {
                throw Malformed.connection("too many arguments");
            }
        }
    }

    private String word(int first) throws IOException, Malformed {
        StringBuilder word = new StringBuilder();
        for (int octet = first; octet != ' '; octet = octet()) {
            if (octet == '\r') {
                if (octet() != '\n') {
                    throw Malformed.connection("a bare CR");
                }
                return word.append('\n').toString();
            }
            if (octet <= ' ' || octet > '~' || octet == '"' || octet == '{' || word.length() >= WORD_MAX) {
                throw Malformed.connection("not a word");
            }
            word.append((char) octet);
        }
        return word.toString();
    }

    private String quoted() throws IOException, Malformed {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int octet = octet(); octet != '"'; octet = octet()) {
            int meant = octet == '\\' ? octet() : octet;
            if (meant == 0 || meant == '\r' || meant == '\n' || text.size() >= QUOTED_MAX) {
                throw Malformed.connection("not a quoted string");
            }
            text.write(meant);
        }
        return utf8(text.toByteArray());
    }

    private String literal() throws IOException, Malformed {
        StringBuilder digits = new StringBuilder();
        int octet = octet();
        for (; octet >= '0' && octet <= '9' && digits.length() < 10; octet = octet()) {
            digits.append((char) octet);
        }
        if (octet == '+') {
            octet = octet();
        }
        if (digits.isEmpty() || octet != '}' || octet() != '\r' || octet() != '\n') {
            throw Malformed.connection("not a literal");
        }
        long length = Long.parseLong(digits.toString());
        if (length > literalMax) {
            throw Malformed.connection("a literal larger than " + literalMax + " octets");
        }
        byte[] bytes = in.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return utf8(bytes);
    }

    private static String utf8(byte[] bytes) throws Malformed {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw Malformed.connection("not UTF-8");
        }
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException();
        }
        return octet;
    }
}
