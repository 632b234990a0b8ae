package tg.gouv.messagerie.platform.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import tg.gouv.messagerie.platform.files.DurableFile;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * Its file is one line: the private key (PKCS#8) and the public one (SubjectPublicKeyInfo), each in Base64, a space between.
 */
/** The key that signs heads: EC, P-256, with SHA-256 (FIPS 186-5). */
final class SealKey {
    private static final String ALGORITHM = "SHA256withECDSA";

    private final PrivateKey privateKey;
    private final String publicKey;

    private SealKey(PrivateKey privateKey, String publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * The key of the settings, or this machine's own, made and kept in {@code audit/seal.key} the first time.
     *
     * @throws AuditRefused if it cannot be read, is not one, or others may read it
     */
    static SealKey of(Optional<Secret> given, Path dataDirectory) {
        Path file = dataDirectory.resolve("audit").resolve("seal.key");
        try {
            return read(given.isPresent() ? given.get() : own(file));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new AuditRefused(
                    "The key that signs the audit trail's heads cannot be used: "
                            + (given.isPresent()
                                    ? "audit.key must name a file that a node made, its audit/seal.key."
                                    : "put " + file + " back from the backup, or move it away and a new one is made."),
                    e);
        } catch (IOException e) {
            throw new AuditRefused("The file " + file + " cannot be read or made: " + e + ".", e);
        }
    }

    /** The public key: SubjectPublicKeyInfo in Base64. */
    String publicKey() {
        return publicKey;
    }

    /** Signs a text of ASCII; the signature is in DER and Base64. */
    String sign(String text) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(text.getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key signed before", e);
        }
    }

    /** Whether the holder of a key signed this text. */
    static boolean isSigned(String publicKey, String text, String signature) {
        try {
            PublicKey key = KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(text.getBytes(US_ASCII));
            return check.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false; // neither a key nor a signature
        }
    }

    private static SealKey read(Secret line) throws GeneralSecurityException {
        String[] parts = line.reveal().strip().split(" ", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a key is two words");
        }
        PrivateKey privateKey = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(parts[0])));
        SealKey key = new SealKey(privateKey, parts[1]);
        if (!isSigned(key.publicKey, "a pair", key.sign("a pair"))) {
            throw new IllegalArgumentException("the two keys are not a pair");
        }
        return key;
    }

    private static Secret own(Path file) throws IOException, GeneralSecurityException {
        if (!Files.exists(file)) {
            make(file);
        }
        if (!DurableFile.PRIVATE.containsAll(Files.getPosixFilePermissions(file))) {
            throw new AuditRefused("Others than the program's user may read " + file + ": run \"chmod 600 " + file
                    + "\", and if others use this machine move it away, a new one is made.");
        }
        return new Secret(Files.readString(file, US_ASCII));
    }

    private static void make(Path file) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
        KeyPair pair = generator.generateKeyPair();
        Base64.Encoder base64 = Base64.getEncoder();
        String line = base64.encodeToString(pair.getPrivate().getEncoded()) + " "
                + base64.encodeToString(pair.getPublic().getEncoded()) + "\n";
        DurableFile.write(file, line, DurableFile.PRIVATE);
    }
}
