package tg.gouv.messagerie.platform.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate, the authorities that signed it, and its private key.
 *
 * @param chain the server's certificate first, each signed by the next; never empty
 */
record Credential(PrivateKey key, List<X509Certificate> chain) {
    private static final byte[] CHALLENGE =
            "does this key belong to this certificate?".getBytes(StandardCharsets.US_ASCII);

    Credential {
        chain = List.copyOf(chain);
    }

    /** The server's own certificate. */
    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** The certificate nearest to the root. */
    X509Certificate last() {
        return chain.getLast();
    }

    /** When the first of the chain's certificates to end does so. */
    Instant expires() {
        return chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** Whether what the key signs, the certificate verifies. */
    static boolean belong(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        PublicKey other = certificate.getPublicKey();
        if (!key.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        Signature signature =
                Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(key);
        signature.update(CHALLENGE);
        byte[] signed = signature.sign();
        try {
            signature.initVerify(other);
            signature.update(CHALLENGE);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException e) {
            return false; // another curve or size
        }
    }

    /** Whether one certificate was signed by another. */
    static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
