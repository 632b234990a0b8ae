package tg.gouv.messagerie.platform.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Reads what a certificate authority gave: a chain of certificates and a private key, PEM. */
final class PemFiles {
    private PemFiles() {}

    /**
     * The certificates of a file, in their order.
     *
     * @throws TlsRefused if it cannot be read or holds none
     */
    static List<X509Certificate> chain(Path file) {
        List<X509Certificate> chain = new ArrayList<>();
        for (Pem block : blocks("certificate", file)) {
            if (block.label().equals(Pem.CERTIFICATE)) {
                chain.add(certificate(block, file));
            }
        }
        if (chain.isEmpty()) {
            throw new TlsRefused(
                    "The certificate file " + file + " holds no -----BEGIN CERTIFICATE-----: tls.certificate"
                            + " must name the PEM file of the server's certificate followed by its intermediates.");
        }
        return chain;
    }

    /**
     * The private key of a file.
     *
     * @throws TlsRefused if it cannot be read, everybody may read it, or it is not one RSA or EC key in PKCS#8
     */
    static PrivateKey key(Path file) {
        List<Pem> blocks = blocks("key", file);
        demandPrivate(file);
        List<Pem> keys =
                blocks.stream().filter(it -> it.label().endsWith("PRIVATE KEY")).toList();
        if (keys.size() != 1) {
            throw new TlsRefused("The key file " + file + " holds " + keys.size() + " private keys, it must hold one:"
                    + " tls.key must name the PEM file of the certificate's key.");
        }
        Pem key = keys.getFirst();
        if (!key.label().equals(Pem.PRIVATE_KEY)) {
            throw new TlsRefused("The key file " + file + " is \"" + key.label() + "\", it must be PKCS#8 without a"
                    + " password: run \"openssl pkcs8 -topk8 -nocrypt -in " + file + " -out " + file
                    + ".pk8\" and name the new file in tls.key.");
        }
        try {
            return KeyFactory.getInstance(algorithm(key, file)).generatePrivate(new PKCS8EncodedKeySpec(key.content()));
        } catch (GeneralSecurityException e) {
            throw new TlsRefused("The key in " + file + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    private static String algorithm(Pem key, Path file) {
        ASN1ObjectIdentifier algorithm;
        try {
            algorithm = PrivateKeyInfo.getInstance(key.content())
                    .getPrivateKeyAlgorithm()
                    .getAlgorithm();
        } catch (RuntimeException e) { // whatever the parser meets in bytes that are not a key
            throw new TlsRefused("The key file " + file + " is damaged: put it back from the backup.", e);
        }
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return "RSA";
        }
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "EC";
        }
        throw new TlsRefused("The key in " + file
                + " is neither RSA nor EC: ask for a certificate with such a key (P-256 is best).");
    }

    private static X509Certificate certificate(Pem block, Path file) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.content()));
        } catch (CertificateException e) {
            throw new TlsRefused("A certificate in " + file + " is damaged: " + e.getMessage() + ".", e);
        }
    }

    private static List<Pem> blocks(String setting, Path file) {
        try {
            return Pem.read(file);
        } catch (NoSuchFileException e) {
            throw new TlsRefused("The file " + file + " does not exist: correct tls." + setting + ".", e);
        } catch (AccessDeniedException e) {
            throw new TlsRefused(
                    "The file " + file + " may not be read by " + System.getProperty("user.name")
                            + ", who runs this program: give it that right (tls." + setting + ").",
                    e);
        } catch (IllegalArgumentException e) {
            throw new TlsRefused("The file " + file + " of tls." + setting + " is not PEM: " + e.getMessage() + ".", e);
        } catch (IOException e) {
            throw new TlsRefused(
                    "The file " + file + " of tls." + setting + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static void demandPrivate(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                throw new TlsRefused("Every user of this machine may read the key " + file + ": run \"chmod o-rwx "
                        + file + "\", and if others use this machine ask for a new certificate with a new key.");
            }
        } catch (IOException e) {
            throw new TlsRefused("The rights of the key " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
