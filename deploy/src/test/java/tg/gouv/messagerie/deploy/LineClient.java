package tg.gouv.messagerie.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import tg.gouv.messagerie.platform.tls.TrustedAuthorities;

/** A client of a protocol of lines, over TLS, that says and hears what a test tells it to. */
final class LineClient implements AutoCloseable {
    private static final int SILENCE_MILLIS = 20_000;

    private final SSLContext trust;
    private Socket socket;
    private BufferedReader in;

    private LineClient(Path authority, Socket socket) throws IOException {
        this.trust = TrustedAuthorities.context(Optional.of(authority), "test");
        this.socket = socket;
        this.in = reader(socket);
    }

    /** Connects, from an address of this machine. */
    private static LineClient connect(Program program, String port, String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), program.ports().getOrDefault(port, 0)));
        return new LineClient(program.authority(), socket);
    }

    static LineClient imap(Program program, String from) throws IOException {
        LineClient client = connect(program, "imaps", from);
        client.encrypt();
        client.hear();
        return client;
    }

    /** Greets port 25 as a server, in the clear. */
    static LineClient smtp(Program program) throws IOException {
        LineClient client = connect(program, "smtp", "127.0.0.1");
        client.hear();
        client.say("EHLO ailleurs.test");
        return client;
    }

    static LineClient submission(Program program, String from) throws IOException {
        LineClient client = connect(program, "submissions", from);
        client.encrypt();
        client.hear();
        client.say("EHLO client");
        return client;
    }

    static LineClient sieve(Program program, String from) throws IOException {
        LineClient client = connect(program, "managesieve", from);
        client.hearUntil("OK");
        client.say("STARTTLS");
        client.encrypt();
        client.hearUntil("OK");
        return client;
    }

    private void encrypt() throws IOException {
        SSLSocket tls = (SSLSocket) trust.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        tls.startHandshake();
        socket = tls;
        in = reader(tls);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    /** Says a line, and hears the last one of the answer: tagged in IMAP, without a hyphen in SMTP. */
    String say(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
        socket.getOutputStream().flush();
        return hear();
    }

    /** Says a line, and hears every line up to one that begins so. */
    String hearAfter(String line, String beginning) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
        socket.getOutputStream().flush();
        return hearUntil(beginning);
    }

    /** The last line of an answer; empty when the connection is over. */
    String hear() throws IOException {
        String line = in.readLine();
        while (line != null && line.matches("\\d{3}-.*")) {
            line = in.readLine();
        }
        return line == null ? "" : line;
    }

    /** Every line up to one that begins so. */
    String hearUntil(String beginning) throws IOException {
        StringBuilder heard = new StringBuilder();
        String line;
        do {
            line = in.readLine();
            heard.append(line).append('\n');
        } while (line != null && !line.startsWith(beginning));
        return heard.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
