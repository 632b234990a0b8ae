package tg.gouv.messagerie.mail.transfer.outgoing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A small SMTP server on the loopback interface that takes every message, except where a test says otherwise. */
public final class PeerServer implements AutoCloseable {
    /** As a reply: closes the connection without one. */
    public static final String DROP = "<drop>";

    /** As a reply: says nothing, and waits for the client to go. */
    public static final String SILENCE = "<silence>";

    /** What a test has to say to a command. */
    @FunctionalInterface
    public interface Manners {
        /**
         * The reply to a command, or {@code null} for the usual one.
         *
         * @param command in full; {@code CONNECT} at the beginning, {@code .} at the end of a message
         * @param number which such command this is over all connections, from 1
         */
        @Nullable
        String reply(String command, int number);
    }

    /** A message that was taken. */
    public record Taken(String from, List<String> to, String data, boolean encrypted, int connection) {}

    private final ServerSocket socket;
    private final List<String> extensions;
    private final @Nullable SSLContext tls;
    private final boolean tlsFromStart;
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private volatile Manners manners = (_, _) -> null;

    /** With the usual extensions and no encryption. */
    public PeerServer() throws IOException {
        this(List.of("PIPELINING", "SIZE 10000000", "8BITMIME", "ENHANCEDSTATUSCODES"), null, false);
    }

    PeerServer(List<String> extensions, @Nullable SSLContext tls, boolean tlsFromStart) throws IOException {
        this.extensions = extensions;
        this.tls = tls;
        this.tlsFromStart = tlsFromStart;
        this.socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Answers as a test says from now on. */
    public void behave(Manners next) {
        manners = next;
    }

    public List<Taken> taken() {
        return taken;
    }

    /** Everything that clients said, and what was said by whom in the message is left out. */
    public List<String> commands() {
        return commands;
    }

    public int connections() {
        return connections.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client, number));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket client, int number) {
        try (client) {
            new Conversation(client, number).run();
        } catch (IOException _) {
            // the client went
        } finally {
            open.remove(client);
        }
    }

    private final class Conversation {
        private final int number;
        private Socket socket;
        private InputStream in;
        private OutputStream out;
        private String from = "";
        private List<String> to = new ArrayList<>();
        private boolean encrypted;

        Conversation(Socket socket, int number) throws IOException {
            this.number = number;
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            if (tlsFromStart) {
                encrypt();
            }
        }

        private void encrypt() throws IOException {
            if (tls == null) {
                throw new IOException("it cannot, although it said so");
            }
            SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, in, true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            socket = secure;
            in = new BufferedInputStream(secure.getInputStream());
            out = secure.getOutputStream();
            encrypted = true;
        }

        void run() throws IOException {
            if (!answer("CONNECT", "220 peer ESMTP")) {
                return;
            }
            for (String line = line(); line != null; line = line()) {
                commands.add((encrypted ? "TLS " : "") + line);
                if (!obey(line)) {
                    return;
                }
            }
        }

        private boolean obey(String line) throws IOException {
            String upper = line.toUpperCase(Locale.ROOT);
            if (upper.startsWith("EHLO")) {
                StringBuilder offer = new StringBuilder("250-peer");
                for (String extension : extensions) {
                    if (!extension.equals("STARTTLS") || !encrypted) {
                        offer.append("\r\n250-").append(extension);
                    }
                }
                return answer(line, offer.append("\r\n250 HELP").toString());
            } else if (upper.startsWith("HELO")) {
                return answer(line, "250 peer");
            } else if (upper.equals("STARTTLS")) {
                if (!answer(line, "220 go ahead")) {
                    return false;
                }
                encrypt();
                return true;
            } else if (upper.startsWith("AUTH")) {
                return answer(line, "235 2.7.0 welcome");
            } else if (upper.startsWith("MAIL FROM:")) {
                from = path(line);
                to = new ArrayList<>();
                return answer(line, "250 2.1.0 ok");
            } else if (upper.startsWith("RCPT TO:")) {
                int before = answered;
                boolean goesOn = answer(line, "250 2.1.5 ok");
                if (answered != before && last.startsWith("2")) {
                    to.add(path(line));
                }
                return goesOn;
            } else if (upper.equals("DATA")) {
                return data();
            } else if (upper.equals("RSET")) {
                return answer(line, "250 2.0.0 ok");
            } else if (upper.equals("QUIT")) {
                answer(line, "221 2.0.0 bye");
                return false;
            }
            return answer(line, "500 5.5.1 what?");
        }

        private boolean data() throws IOException {
            if (!answer("DATA", "354 go on")) {
                return false;
            }
            if (!last.startsWith("354")) {
                return true;
            }
            StringBuilder data = new StringBuilder();
            for (String line = line(); line != null && !line.equals("."); line = line()) {
                data.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            }
            // What is dropped after the dot was taken all the same: that is the case of RFC 1047.
            Taken message = new Taken(from, List.copyOf(to), data.toString(), encrypted, number);
            boolean goesOn = answer(".", "250 2.0.0 taken as " + number);
            if (last.startsWith("2") || last.equals(DROP)) {
                taken.add(message);
            }
            return goesOn;
        }

        private int answered;
        private String last = "";

        private boolean answer(String command, String usual) throws IOException {
            String word = command.replaceFirst("[ :].*", "").toUpperCase(Locale.ROOT);
            int which = counts.computeIfAbsent(word, _ -> new AtomicInteger()).incrementAndGet();
            String said = manners.reply(command, which);
            last = said == null ? usual : said;
            answered++;
            if (last.equals(DROP)) {
                return false;
            }
            if (last.equals(SILENCE)) {
                while (in.read() >= 0) {
                    // the client waits
                }
                return false;
            }
            out.write((last + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            return !last.startsWith("421");
        }

        private @Nullable String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0) {
                    return null;
                }
                line.write(octet);
            }
            String text = line.toString(StandardCharsets.ISO_8859_1);
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }

        private static String path(String line) {
            return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException _) {
            // it is gone
        }
    }
}
