package tg.gouv.messagerie.platform.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certification authority as a State has one: a root, or an intermediate of another. */
record TestAuthority(String name, PrivateKey key, X509Certificate certificate) {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    static TestAuthority root(String name) {
        KeyPair keys = keys("EC", 256);
        return new TestAuthority(
                name, keys.getPrivate(), signed(name, keys.getPrivate(), name, keys, true, Request.usual()));
    }

    TestAuthority intermediate(String subject) {
        KeyPair keys = keys("EC", 256);
        return new TestAuthority(subject, keys.getPrivate(), signed(name, key, subject, keys, true, Request.usual()));
    }

    /** A certificate and key for a server. */
    Credential server(Request request) {
        KeyPair keys = keys(request.algorithm(), request.bits());
        return new Credential(
                keys.getPrivate(), List.of(signed(name, key, "mail.gouv.tg", keys, false, request), certificate));
    }

    /** What a server asks its authority for. */
    record Request(String algorithm, int bits, Instant from, Instant until, KeyPurposeId purpose) {
        static Request usual() {
            Instant now = Instant.now();
            return new Request(
                    "EC",
                    256,
                    now.minus(Duration.ofHours(1)),
                    now.plus(Duration.ofDays(60)),
                    KeyPurposeId.id_kp_serverAuth);
        }

        Request valid(Instant newFrom, Instant newUntil) {
            return new Request(algorithm, bits, newFrom, newUntil, purpose);
        }

        Request keyed(String newAlgorithm, int newBits) {
            return new Request(newAlgorithm, newBits, from, until, purpose);
        }

        Request purposed(KeyPurposeId newPurpose) {
            return new Request(algorithm, bits, from, until, newPurpose);
        }
    }

    static void writeChain(Path file, X509Certificate... chain) throws IOException {
        StringBuilder text = new StringBuilder("Issued by the authority of the State\n");
        for (X509Certificate each : chain) {
            try {
                text.append(Pem.of(Pem.CERTIFICATE, each.getEncoded()).text());
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException(e);
            }
        }
        Files.writeString(file, text);
    }

    static void writeKey(Path file, PrivateKey key) throws IOException {
        Files.writeString(file, Pem.of(Pem.PRIVATE_KEY, key.getEncoded()).text());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    private static KeyPair keys(String algorithm, int bits) {
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                maker.initialize(bits);
            }
            return maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate signed(
            String issuer, PrivateKey issuerKey, String subject, KeyPair keys, boolean authority, Request request) {
        try {
            JcaX509v3CertificateBuilder certificate = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + issuer),
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(request.from()),
                    Date.from(request.until()),
                    new X500Name("CN=" + subject),
                    keys.getPublic());
            certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!authority) {
                certificate.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(request.purpose()));
                certificate.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        ServerNames.of(List.of(subject)).alternativeNames());
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(certificate.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
