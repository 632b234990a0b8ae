package tg.gouv.messagerie.platform.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whose signatures on the certificates of other servers are believed. */
public final class TrustedAuthorities {
    private TrustedAuthorities() {}

    /**
     * TLS towards servers whose certificates an authority has signed.
     *
     * @param file of certificates (PEM); without it, the authorities that Java trusts
     * @param setting the setting that names it
     * @throws TlsRefused if the file cannot be read, or holds none
     */
    public static SSLContext context(Optional<Path> file, String setting) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, file.isEmpty() ? null : trust(file.get()), new SecureRandom());
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsRefused(
                    setting + " cannot be read: it must name a file of certificates (PEM): " + e.getMessage() + ".", e);
        }
    }

    private static TrustManager @Nullable [] trust(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, each);
            }
        }
        if (number == 0) {
            throw new IOException(file + " holds no certificate");
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }
}
