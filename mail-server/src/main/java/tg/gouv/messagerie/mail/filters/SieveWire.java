package tg.gouv.messagerie.mail.filters;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import tg.gouv.messagerie.mail.smtp.PatienceSettings;

/** The words of ManageSieve (RFC 5804 section 4) on a socket: atoms, numbers, quoted strings, literals, each bounded. */
final class SieveWire {
    /** RFC 5804 section 4: a quoted string has 1,024 octets at most; names and a keyword stand beside it. */
    private static final int LINE_MAX = 4_096;

    private static final int WORDS_MAX = 8;
    private static final int BUFFER = 8_192;

    /** TLS begins at once or never. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private final int literalMax;
    private final PatienceSettings patience;
    private final long since = System.nanoTime();
    private volatile boolean signedIn;
    private volatile Act act = new Act(Kind.WAITS, System.nanoTime());
    private final AtomicLong arrived = new AtomicLong();
    private int refusals;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int end;

    /** What the client sent breaks the grammar or a bound: after the sentence the connection ends. */
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        Unreadable(String sentence) {
            super(sentence);
        }
    }

    /** What the thread of the connection is doing, since when. */
    private record Act(Kind kind, long since) {
        Duration time() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    private enum Kind {
        /** For a command to begin, or for ourselves. */
        WAITS,
        SHAKES_HANDS,
        /** A command that has begun. */
        READS,
        WRITES
    }

    SieveWire(Socket socket, int literalMax, PatienceSettings patience) throws IOException {
        this.patience = patience;
        this.literalMax = literalMax;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Whether the client takes longer than it may, to sign in, to send or to read; any thread may ask. */
    boolean isTooSlow() {
        Act now = act;
        boolean late = !signedIn && Duration.ofNanos(System.nanoTime() - since).compareTo(patience.signInTimeout()) > 0;
        return late
                || switch (now.kind()) {
                    case WAITS -> false;
                    case SHAKES_HANDS -> now.time().compareTo(HANDSHAKE) > 0;
                    case READS -> now.time().compareTo(patience.arrival(arrived.get())) > 0;
                    case WRITES -> now.time().compareTo(patience.unreadTimeout()) > 0;
                };
    }

    /** From now on the client is somebody, and may be silent. */
    void signedIn() {
        signedIn = true;
    }

    private void begin(Kind kind) {
        act = new Act(kind, System.nanoTime());
    }

    boolean isEncrypted() {
        return socket instanceof SSLSocket;
    }

    /** Goes on under TLS; what was sent in the clear and not read yet is forgotten (RFC 5804 section 2.2). */
    void startTls(SSLContext context) throws IOException {
        next = end; // nothing said in the clear counts any more
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        tls.setUseClientMode(false);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"}); // RFC 8996
        tls.setSSLParameters(parameters);
        begin(Kind.SHAKES_HANDS);
        tls.startHandshake();
        begin(Kind.WAITS);
        socket = tls;
        in = tls.getInputStream();
        out = tls.getOutputStream();
    }

    /** The words of the next line, without the quotes of strings. */
    List<String> words() throws IOException {
        List<String> words = new ArrayList<>();
        int line = 0;
        while (true) {
            int octet = read();
            if (line == 0) {
                arrived.set(0);
                begin(Kind.READS);
            }
            if (++line > LINE_MAX) {
                throw new Unreadable("Ligne trop longue / Line too long");
            }
            switch (octet) {
                case '\r' -> {
                    expect('\n');
                    begin(Kind.WAITS);
                    return words;
                }
                case ' ' -> {}
                case '"' -> line += add(words, quoted());
                case '{' -> add(words, literal());
                default -> line += add(words, atom(octet));
            }
        }
    }

    private static int add(List<String> words, String word) throws Unreadable {
        if (words.size() == WORDS_MAX) {
            throw new Unreadable("Trop de mots / Too many words");
        }
        words.add(word);
        return word.length();
    }

    private String quoted() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int octet = read(); octet != '"'; octet = read()) {
            if (text.size() == LINE_MAX || octet == '\r' || octet == '\n' || octet == 0) {
                throw new Unreadable("Chaine illisible / String cannot be read");
            }
            text.write(octet == '\\' ? read() : octet);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private String literal() throws IOException {
        long length = 0;
        int octet = read();
        for (; octet >= '0' && octet <= '9'; octet = read()) {
            length = length * 10 + octet - '0';
            if (length > literalMax) {
                throw new Unreadable("Texte trop grand / Literal too large");
            }
        }
        if (octet == '+') {
            octet = read();
        }
        if (octet != '}') {
            throw new Unreadable("Texte illisible / Literal cannot be read");
        }
        expect('\r');
        expect('\n');
        byte[] text = new byte[(int) length];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) read();
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private String atom(int first) throws IOException {
        StringBuilder text = new StringBuilder();
        int octet = first;
        while (octet != ' ' && octet != '\r') {
            if (text.length() == LINE_MAX || octet < ' ' || octet > '~') {
                throw new Unreadable("Mot illisible / Word cannot be read");
            }
            text.append((char) octet);
            octet = read();
        }
        next--; // the space or the line end is the caller's
        return text.toString();
    }

    private void expect(int octet) throws IOException {
        if (read() != octet) {
            throw new Unreadable("Fin de ligne illisible / Line end cannot be read");
        }
    }

    private int read() throws IOException {
        if (next == end) {
            next = 0;
            end = Math.max(0, in.read(buffer));
            arrived.addAndGet(end);
            if (end == 0) {
                throw new EOFException("the client is gone");
            }
        }
        return buffer[next++] & 0xff;
    }

    /** How many commands in a row were refused. */
    int refusals() {
        return refusals;
    }

    /** Writes lines, each with its CRLF, at once. */
    void write(String... lines) throws IOException {
        String last = lines[lines.length - 1];
        refusals = last.startsWith("NO") ? refusals + 1 : last.startsWith("OK") ? 0 : refusals;
        begin(Kind.WRITES);
        out.write((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        begin(Kind.WAITS);
    }

    /** A string as it is written on a line: quoted if it can be, else a literal. */
    static String string(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        boolean plain = octets.length <= 1_024 && text.chars().allMatch(c -> c >= ' ' && c != 127);
        return plain
                ? "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
                : "{" + octets.length + "}\r\n" + text;
    }
}
