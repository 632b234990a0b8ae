package tg.gouv.messagerie.platform.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import tg.gouv.messagerie.platform.files.DurableFile;

/** The identity of the PEM files that the settings name. */
final class GivenIdentity implements IdentitySource {
    /** NIST SP 800-131A: shorter RSA keys are disallowed, and clients refuse them. */
    private static final int RSA_BITS_MIN = 2_048;

    private final Path certificate;
    private final Path key;
    private final Path authority;
    private final Clock clock;

    /** The identity of two files; the last certificate is copied to {@code authority}, for clients. */
    GivenIdentity(Path certificate, Path key, Path authority, Clock clock) {
        this.certificate = certificate;
        this.key = key;
        this.authority = authority;
        this.clock = clock;
    }

    @Override
    public Path certificateChain() {
        return certificate;
    }

    @Override
    public Path privateKey() {
        return key;
    }

    @Override
    public Path authority() {
        return authority;
    }

    @Override
    public Credential look() {
        List<X509Certificate> chain = PemFiles.chain(certificate);
        PrivateKey secret = PemFiles.key(key);
        demandKeyOf(chain, secret);
        demandOrder(chain);
        demandValid(chain);
        demandServer(chain.getFirst());
        Credential credential = new Credential(secret, chain);
        publish(credential.last());
        return credential;
    }

    private void demandKeyOf(List<X509Certificate> chain, PrivateKey secret) {
        if (secret instanceof RSAKey rsa && rsa.getModulus().bitLength() < RSA_BITS_MIN) {
            throw new TlsRefused(
                    "The RSA key in " + key + " has " + rsa.getModulus().bitLength()
                            + " bits: ask for a certificate with a key of " + RSA_BITS_MIN + " bits or more.");
        }
        try {
            if (Credential.belong(secret, chain.getFirst())) {
                return;
            }
            for (X509Certificate other : chain) {
                if (Credential.belong(secret, other)) {
                    throw new TlsRefused("The first certificate in " + certificate + " is not the server's: put "
                            + other.getSubjectX500Principal() + " first, then its intermediates in order.");
                }
            }
        } catch (GeneralSecurityException e) {
            throw new TlsRefused("The key in " + key + " cannot be used: " + e.getMessage() + ".", e);
        }
        throw new TlsRefused("The key in " + key + " is not the key of the certificate in " + certificate
                + ": name the two files that belong together in tls.certificate and tls.key.");
    }

    /** RFC 8446 section 4.4.2: each certificate certifies the one before it. */
    private void demandOrder(List<X509Certificate> chain) {
        for (int i = 1; i < chain.size(); i++) {
            if (!Credential.isSignedBy(chain.get(i - 1), chain.get(i))) {
                throw new TlsRefused("In " + certificate + ", certificate " + (i + 1) + " ("
                        + chain.get(i).getSubjectX500Principal() + ") did not sign the one before it ("
                        + chain.get(i - 1).getSubjectX500Principal()
                        + "): put the server's certificate first, then its intermediates in order.");
            }
        }
    }

    private void demandValid(List<X509Certificate> chain) {
        Instant now = clock.instant();
        for (X509Certificate each : chain) {
            Instant from = each.getNotBefore().toInstant();
            Instant until = each.getNotAfter().toInstant();
            if (now.isAfter(until)) {
                throw new TlsRefused("The certificate " + each.getSubjectX500Principal() + " in " + certificate
                        + " ended on " + until + ": renew it.");
            }
            if (now.isBefore(from)) {
                throw new TlsRefused("The certificate " + each.getSubjectX500Principal() + " in " + certificate
                        + " begins on " + from + ", and it is " + now + " here: set this machine's clock, or wait.");
            }
        }
    }

    private void demandServer(X509Certificate server) {
        try {
            List<String> purposes = server.getExtendedKeyUsage();
            // RFC 5280 section 4.2.1.12
            if (purposes != null
                    && !purposes.contains(KeyPurposeId.id_kp_serverAuth.getId())
                    && !purposes.contains(KeyPurposeId.anyExtendedKeyUsage.getId())) {
                throw new TlsRefused("The certificate in " + certificate
                        + " is not for a server (its extended key usage lacks serverAuth): ask for one that is.");
            }
        } catch (CertificateParsingException e) {
            throw new TlsRefused("The certificate in " + certificate + " is damaged: " + e.getMessage() + ".", e);
        }
    }

    private void publish(X509Certificate last) {
        try {
            DurableFile.writeIfOther(
                    authority, Pem.of(Pem.CERTIFICATE, last.getEncoded()).text(), DurableFile.PUBLIC);
        } catch (IOException | CertificateEncodingException e) {
            throw new TlsRefused(
                    "The authority's certificate cannot be written to " + authority + ": " + e.getMessage()
                            + ". Make that folder writable by this program's user.",
                    e);
        }
    }
}
