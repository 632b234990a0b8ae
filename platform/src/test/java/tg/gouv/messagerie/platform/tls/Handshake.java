package tg.gouv.messagerie.platform.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** What a client that trusts one authority sees of a server. */
record Handshake(X509Certificate shown, String protocol) {
    /** Connects to a server with this context as to {@code name}; fails as a Java client would. */
    static Handshake with(SSLContext server, X509Certificate trusted, String name) throws IOException {
        return with(server, trusted, name, "TLSv1.3", "TLSv1.2");
    }

    static Handshake with(SSLContext server, X509Certificate trusted, String name, String... protocols)
            throws IOException {
        try (SSLServerSocket listening = (SSLServerSocket)
                server.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.ofVirtual().start(() -> answer(listening));
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
            plain.setSoTimeout(10_000);
            try (SSLSocket client = (SSLSocket)
                    trusting(trusted).getSocketFactory().createSocket(plain, name, listening.getLocalPort(), true)) {
                SSLParameters parameters = client.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                parameters.setProtocols(protocols);
                client.setSSLParameters(parameters);
                client.startHandshake();
                return new Handshake(
                        (X509Certificate) client.getSession().getPeerCertificates()[0],
                        client.getSession().getProtocol());
            } finally {
                answering.interrupt();
            }
        }
    }

    private static void answer(SSLServerSocket listening) {
        try (SSLSocket client = (SSLSocket) listening.accept()) {
            client.startHandshake();
            int _ = client.getInputStream().read();
        } catch (IOException e) {
            // the client says what it did not like
        }
    }

    private static SSLContext trusting(X509Certificate authority) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority);
            TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
