package tg.gouv.messagerie.mail.transfer.outgoing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection as commands and replies; every wait has an end. Used by one thread. */
final class Wire implements AutoCloseable {
    /** RFC 5321 section 4.5.3.1.5 allows 512 octets. */
    private static final int LINE_MAX = 2_048;

    private static final int LINES_MAX = 128;
    private static final int BLOCK = 16 * 1024;

    private final String host;
    private final Deadlines deadlines;
    private final Socket raw;
    private InputStream in;
    private OutputStream out;
    private boolean encrypted;

    Wire(String host, Socket socket, Deadlines deadlines) throws IOException {
        this.host = host;
        this.raw = socket;
        this.deadlines = deadlines;
        this.in = new BufferedInputStream(socket.getInputStream(), BLOCK);
        this.out = socket.getOutputStream();
    }

    /** Whether what is said now is encrypted. */
    boolean isEncrypted() {
        return encrypted;
    }

    String host() {
        return host;
    }

    /** A time after which the connection ends, unless it is closed before. */
    Deadlines.Deadline whole(Duration time) {
        return deadlines.of(raw, time);
    }

    /** What may wait for the other side. */
    @FunctionalInterface
    private interface Talk<T> {
        T talk() throws IOException;
    }

    private <T> T within(Duration patience, String what, Talk<T> talk) throws ConnectionLost {
        try (Deadlines.Deadline deadline = deadlines.of(raw, patience)) {
            try {
                return talk.talk();
            } catch (ConnectionLost e) {
                throw e;
            } catch (IOException e) {
                throw new ConnectionLost(
                        deadline.isPassed()
                                ? Diagnosis.about(
                                        host, "4.4.2", "no answer within " + patience.toSeconds() + " s " + what)
                                : Diagnosis.about(host, "4.4.2", "the connection was lost " + what + ": " + reason(e)),
                        e);
            }
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Sends commands, each a line without its end, by one write. */
    void send(Duration patience, List<String> commands) throws ConnectionLost {
        StringBuilder lines = new StringBuilder();
        commands.forEach(command -> lines.append(command).append("\r\n"));
        byte[] octets = lines.toString().getBytes(StandardCharsets.UTF_8);
        within(patience, "at a command", () -> {
            out.write(octets);
            out.flush();
            return octets;
        });
    }

    /** Sends a command and reads its reply. */
    Reply ask(Duration patience, String command, String what) throws ConnectionLost {
        send(patience, List.of(command));
        return reply(patience, what);
    }

    /** Sends part of a message. */
    void block(Duration patience, byte[] octets, int length) throws ConnectionLost {
        within(patience, "during the message", () -> {
            out.write(octets, 0, length);
            out.flush();
            return octets;
        });
    }

    /** Reads a reply (RFC 5321 section 4.2). */
    Reply reply(Duration patience, String what) throws ConnectionLost {
        return within(patience, what, () -> {
            List<String> lines = new ArrayList<>();
            String line = line();
            String code = code(line);
            while (line.length() > 3 && line.charAt(3) == '-') {
                lines.add(line.substring(4));
                if (lines.size() == LINES_MAX) {
                    throw nonsense("a reply of too many lines");
                }
                line = line();
                if (!code(line).equals(code)) {
                    throw nonsense("a reply of two codes");
                }
            }
            lines.add(line.length() > 4 ? line.substring(4) : "");
            return new Reply(Integer.parseInt(code), lines);
        });
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("it was closed by the other side");
            }
            if (line.size() == LINE_MAX) {
                throw nonsense("a line that does not end");
            }
            line.write(octet);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private String code(String line) throws ConnectionLost {
        boolean isReply = line.length() >= 3
                && line.charAt(0) >= '2'
                && line.charAt(0) <= '5'
                && isDigit(line.charAt(1))
                && isDigit(line.charAt(2))
                && (line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-');
        if (!isReply) {
            throw nonsense("no reply");
        }
        return line.substring(0, 3);
    }

    private static boolean isDigit(char each) {
        return each >= '0' && each <= '9';
    }

    private ConnectionLost nonsense(String what) {
        return new ConnectionLost(Diagnosis.about(host, "4.5.0", "the server does not speak SMTP: " + what));
    }

    /**
     * Encrypts from here on. What the other side said in the clear after its last reply is forgotten: somebody between us may have
     * written it (RFC 3207 section 4.2).
     *
     * @param verified whether the certificate must be the host's
     */
    void encrypt(Duration patience, SSLContext context, boolean verified) throws ConnectionLost {
        within(patience, "while encryption was set up", () -> {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, host, raw.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"}); // RFC 8996
            if (verified) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 7817
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            in = new BufferedInputStream(socket.getInputStream(), BLOCK);
            out = socket.getOutputStream();
            encrypted = true;
            return socket;
        });
    }

    @Override
    public void close() {
        try {
            raw.close();
        } catch (IOException _) {
            // it is gone
        }
    }
}
