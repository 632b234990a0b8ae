package client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A connection that speaks in lines, as SMTP, IMAP and ManageSieve do. */
public final class Line implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int SILENCE_MILLIS = 60_000;

    private Socket socket;
    private InputStream in;
    private OutputStream out;

    private Line(Socket socket) throws IOException {
        over(socket);
    }

    private void over(Socket connected) throws IOException {
        socket = connected;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    /**
     * Connects.
     *
     * @param authority the certificate (PEM) by which the server's is checked, its host name included; without one, in clear
     */
    public static Line open(String host, int port, Optional<Path> authority)
            throws IOException, GeneralSecurityException {
        Socket tcp = new Socket();
        tcp.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
        return new Line(authority.isPresent() ? secured(tcp, host, port, authority.get()) : tcp);
    }

    /** Connects over TLS to a protocol of the demonstration. */
    public static Line open(Sheet sheet, String protocol) throws IOException, GeneralSecurityException {
        return open(sheet.host(), sheet.port(protocol), Optional.of(sheet.ca()));
    }

    /** Goes on over TLS, once the server has agreed to STARTTLS. */
    public void secure(Sheet sheet, String protocol) throws IOException, GeneralSecurityException {
        over(secured(socket, sheet.host(), sheet.port(protocol), sheet.ca()));
    }

    /** Sends a line. */
    public Line send(String text) throws IOException {
        write((text + "\r\n").getBytes(UTF_8));
        out.flush();
        return this;
    }

    /** Sends bytes, with the next line. */
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Reads an answer of SMTP, or a greeting, that begins so. */
    public void expect(String beginning) throws IOException {
        String line = read();
        while (line.startsWith(beginning + "-")) {
            line = read();
        }
        if (!line.startsWith(beginning)) {
            throw new IOException("expected " + beginning + ", read " + line);
        }
    }

    /** Reads a line, without its end. */
    public String read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("closed after " + line.toString(UTF_8));
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(UTF_8);
    }

    /** Reads so many bytes. */
    public byte[] read(int bytes) throws IOException {
        return in.readNBytes(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static Socket secured(Socket tcp, String host, int port, Path authority)
            throws IOException, GeneralSecurityException {
        SSLSocket socket = (SSLSocket) trusting(authority).getSocketFactory().createSocket(tcp, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate must be for this host
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(SILENCE_MILLIS);
        socket.startHandshake();
        return socket;
    }

    /** TLS that believes this certificate alone (PEM). */
    static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(authority)) {
            trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
