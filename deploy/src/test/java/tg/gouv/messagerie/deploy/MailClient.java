package tg.gouv.messagerie.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A client of the demonstration over real sockets: IMAP as one person, or SMTP as a server outside. */
final class MailClient implements AutoCloseable {
    private static final int SILENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final List<String> lines = new ArrayList<>();
    private final List<byte[]> literals = new ArrayList<>();

    private MailClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(SILENCE_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** What a mailbox is for a client. */
    record Mailbox(String uidValidity, SortedMap<Long, Kept> messages) {}

    /** A message: its flags, without {@code \Recent}, which belongs to a session, and its bytes. */
    record Kept(SortedSet<String> flags, String sha256) {}

    /** Signs in, by the connection sheet of the demonstration. */
    static MailClient imap(JsonNode sheet, String login, String password) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(Path.of(sheet.path("ca").asText()))) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        MailClient client = new MailClient(context.getSocketFactory()
                .createSocket(
                        sheet.path("host").asText(),
                        sheet.path("ports").path("imaps").asInt()));
        client.read();
        client.demand("LOGIN \"" + login + "\" \"" + password + "\"");
        return client;
    }

    /** Greets port 25. */
    static MailClient smtp(JsonNode sheet) throws IOException {
        MailClient client = new MailClient(new Socket(
                sheet.path("host").asText(), sheet.path("ports").path("smtp").asInt()));
        client.reply("220");
        client.send("EHLO exemple.test");
        client.reply("250");
        return client;
    }

    /** Hands a message over; when this returns it was accepted. */
    void transfer(String from, String to, byte[] message) throws IOException {
        send("MAIL FROM:<" + from + ">");
        reply("250");
        send("RCPT TO:<" + to + ">");
        reply("250");
        send("DATA");
        reply("354");
        out.write(message);
        send(".");
        reply("250");
    }

    /** Appends a message; when this returns it was stored. */
    void append(String mailbox, byte[] message, String flags) throws IOException {
        send("t APPEND " + mailbox + " (" + flags + ") {" + message.length + "}");
        String go = read();
        if (!go.startsWith("+")) {
            throw new IOException(go);
        }
        out.write(message);
        send("");
        answer("APPEND");
    }

    /** A command that must succeed. */
    void demand(String command) throws IOException {
        send("t " + command);
        answer(command.split(" ", 2)[0]);
    }

    /** How many messages the selected mailbox has. */
    int exists() throws IOException {
        demand("NOOP");
        demand("UID SEARCH ALL");
        return (int) Arrays.stream(lines.getLast().split(" ", -1)).skip(2).count();
    }

    /** Every mailbox of the person, whole. */
    Map<String, Mailbox> mailboxes() throws Exception {
        demand("LIST \"\" *");
        List<String> names = lines.stream()
                .filter(it -> it.startsWith("* LIST") && !it.contains("\\Noselect"))
                .map(it -> it.replaceFirst("^\\* LIST \\([^)]*\\) (?:\"[^\"]*\"|NIL) ", ""))
                .map(it -> it.replaceAll("^\"|\"$", ""))
                .toList();
        Map<String, Mailbox> mailboxes = new TreeMap<>();
        for (String name : names) {
            demand("EXAMINE \"" + name + "\"");
            String uidValidity = found("UIDVALIDITY (\\d+)");
            mailboxes.put(name, new Mailbox(uidValidity, messages()));
        }
        return mailboxes;
    }

    private SortedMap<Long, Kept> messages() throws Exception {
        SortedMap<Long, Kept> messages = new TreeMap<>();
        demand("UID SEARCH ALL");
        if (found("SEARCH((?: \\d+)*)").isEmpty()) {
            return messages;
        }
        demand("UID FETCH 1:* (UID FLAGS BODY.PEEK[])");
        List<String> fetched =
                lines.stream().filter(it -> it.contains(" FETCH (")).toList();
        for (int i = 0; i < fetched.size(); i++) {
            String line = fetched.get(i);
            SortedSet<String> flags = new TreeSet<>(
                    Arrays.asList(first("FLAGS \\(([^)]*)\\)", line).split(" ", -1)));
            flags.remove("\\Recent");
            flags.remove("");
            messages.put(
                    Long.parseLong(first("UID (\\d+)", line)),
                    new Kept(
                            flags,
                            HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256").digest(literals.get(i)))));
        }
        return messages;
    }

    private String found(String pattern) {
        return lines.stream()
                .map(Pattern.compile(pattern)::matcher)
                .filter(Matcher::find)
                .map(it -> it.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError(pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private void answer(String command) throws IOException {
        lines.clear();
        literals.clear();
        StringBuilder whole = new StringBuilder();
        while (true) {
            String read = read();
            if (whole.isEmpty() && read.startsWith("t ")) {
                if (!read.startsWith("t OK")) {
                    throw new IOException(command + ": " + read);
                }
                return;
            }
            whole.append(read);
            int open = read.lastIndexOf('{');
            if (open >= 0 && read.endsWith("}")) {
                literals.add(in.readNBytes(Integer.parseInt(read.substring(open + 1, read.length() - 1))));
            } else {
                lines.add(whole.toString());
                whole.setLength(0);
            }
        }
    }

    private void reply(String code) throws IOException {
        String read = read();
        while (read.startsWith(code + "-")) {
            read = read();
        }
        if (!read.startsWith(code)) {
            throw new IOException("expected " + code + ", read " + read);
        }
    }

    private void send(String line) throws IOException {
        out.write((line + "\r\n").getBytes(UTF_8));
        out.flush();
    }

    private String read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("closed after " + line.toString(ISO_8859_1));
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
