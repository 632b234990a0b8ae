package tg.gouv.messagerie.mail.james;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A client's connection, in bytes. */
final class Wire implements AutoCloseable {
    /** How long an answer may take on a loaded machine. */
    private static final int PATIENCE = 30_000;

    private final Socket socket;
    private final InputStream in;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    static Wire open(int port) {
        try {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE);
            socket.setSoTimeout(PATIENCE);
            return new Wire(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same connection, encrypted, once the server has shown a certificate of this authority for 127.0.0.1. */
    Wire startTls(Path authority) {
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            SSLSocket tls =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
            tls.setSoTimeout(PATIENCE);
            tls.startHandshake();
            return new Wire(tls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a line. */
    Wire send(String line) {
        return bytes((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends exactly this. */
    Wire bytes(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line, or {@code null} at the end of the connection. */
    @Nullable
    String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                if (octet == '\n') {
                    return line.toString(StandardCharsets.UTF_8).stripTrailing();
                }
                line.write(octet);
            }
            return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer; so far: " + line.toString(StandardCharsets.UTF_8), e);
        } catch (IOException e) {
            return null; // reset: closed by the server
        }
    }

    /** An SMTP reply: its lines, joined. */
    String reply() {
        StringBuilder reply = new StringBuilder();
        String line;
        while ((line = line()) != null) {
            reply.append(line).append('\n');
            if (line.length() < 4 || line.charAt(3) != '-') {
                break;
            }
        }
        return reply.toString().stripTrailing();
    }

    /** Sends an SMTP command and returns the reply. */
    String ask(String command) {
        return send(command).reply();
    }

    /** Sends a tagged IMAP command and returns everything up to its tagged answer. */
    String imap(String command) {
        send("t " + command);
        return until("t ");
    }

    /** Everything up to a line that begins like this, or the end. */
    String until(String beginning) {
        StringBuilder all = new StringBuilder();
        String line;
        while ((line = line()) != null) {
            all.append(line).append('\n');
            if (line.startsWith(beginning)) {
                break;
            }
        }
        return all.toString().stripTrailing();
    }

    /** Signs in to SMTP and returns the reply. */
    String authPlain(String login, String secret) {
        return ask("AUTH PLAIN " + plain(login, secret));
    }

    static String plain(String login, String secret) {
        return Base64.getEncoder().encodeToString(("\0" + login + "\0" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
