package client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** IMAP (RFC 9051), as far as checks need it: one command at a time. */
public final class Imap implements AutoCloseable {
    private final Line line;
    private final List<String> lines = new ArrayList<>();
    private final List<byte[]> literals = new ArrayList<>();

    /** Over a connection that says nothing yet. */
    public Imap(Line line) throws IOException {
        this.line = line;
        line.expect("* OK");
    }

    /** Connects to the demonstration and signs in. */
    public static Imap signedIn(Sheet sheet, String login, String password)
            throws IOException, GeneralSecurityException {
        Imap imap = new Imap(Line.open(sheet, "imaps"));
        imap.demand("LOGIN \"" + login + "\" \"" + password + "\"");
        return imap;
    }

    /** Sends a command; returns its tagged answer without the tag, and keeps the lines and literals before it. */
    public String command(String text) throws IOException {
        line.send("t " + text);
        return answer();
    }

    /** Sends a command that must succeed. */
    public String demand(String text) throws IOException {
        String answer = command(text);
        if (!answer.startsWith("OK")) {
            throw new IOException(text.substring(0, Math.max(1, text.indexOf(' '))) + ": " + answer);
        }
        return answer;
    }

    /** Appends a message; returns the tagged answer, which must be OK. */
    public String append(String mailbox, byte[] message) throws IOException {
        line.send("t APPEND " + mailbox + " {" + message.length + "}");
        String go = line.read();
        if (!go.startsWith("+")) {
            throw new IOException(go);
        }
        line.write(message);
        line.send("");
        String answer = answer();
        if (!answer.startsWith("OK")) {
            throw new IOException("APPEND: " + answer);
        }
        return answer;
    }

    /** Begins to IDLE (RFC 2177); this can only be closed then. */
    public void idle() throws IOException {
        line.send("t IDLE");
        line.expect("+");
    }

    /** The first line of the last answer that contains this. */
    public String untagged(String containing) {
        return lines.stream().filter(each -> each.contains(containing)).findFirst().orElseThrow();
    }

    /** The lines of the last answer; where a literal stood is only its length. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** The literals of the last answer, in order. */
    public List<byte[]> literals() {
        return List.copyOf(literals);
    }

    private String answer() throws IOException {
        lines.clear();
        literals.clear();
        for (String read = line.read(); ; read = line.read()) {
            if (read.startsWith("t ")) {
                return read.substring(2);
            }
            lines.add(read);
            int open = read.lastIndexOf('{');
            if (open >= 0 && read.endsWith("}")) {
                literals.add(line.read(Integer.parseInt(read.substring(open + 1, read.length() - 1))));
            }
        }
    }

    /** A literal as text, one character an octet. */
    public static String text(byte[] literal) {
        return new String(literal, ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        line.close();
    }
}
