package tg.gouv.messagerie.directory.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.signin.SecondFactorKeyRefused;
import tg.gouv.messagerie.platform.files.DurableFile;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * Its file is one line: 256 bits in Base64. What is sealed is a nonce of 96 random bits and AES-GCM's output (NIST SP 800-38D section 8.2.2),
 * bound to the account: who writes the database cannot give somebody another's secret. With each is the name of its key, a digest of it, so
 * that a key which is not the one is known as such, and no right code is ever called wrong for it.
 */
/** The key under which the secrets of telephones lie in the database; it is in a file, never there. */
final class FactorKeys {
    /** Bytes of a key's name. */
    static final int NAME_BYTES = 8;

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Path file;
    private final SecureRandom random;
    private Optional<Key> known;

    /** The key, and its name. */
    @SuppressWarnings("ArrayRecordComponent") // the name is compared as what it is
    private record Key(SecretKeySpec aes, byte[] name) {}

    /**
     * A secret as it lies in the database.
     *
     * @param keyName null: in the clear, as an earlier version left it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sealed(byte[] secret, byte @Nullable [] keyName) {}

    /**
     * The key of the settings, or this machine's own, if it was made.
     *
     * @throws SecondFactorKeyRefused if it cannot be read, is not one, or others may read it
     */
    FactorKeys(Optional<Secret> given, Path dataDirectory, SecureRandom random) {
        this.file = dataDirectory.resolve("directory").resolve("second-factor.key");
        this.random = random;
        this.known = given.isPresent()
                ? Optional.of(
                        read(given.get(), "directory.sign-in.second-factor-key must name a file that a node made"))
                : own();
    }

    /** Makes this machine's own key, and keeps it, unless there is one. */
    synchronized void make() {
        if (known.isEmpty()) {
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            try {
                DurableFile.write(file, Base64.getEncoder().encodeToString(key) + "\n", DurableFile.PRIVATE);
            } catch (IOException e) {
                throw new SecondFactorKeyRefused("The file " + file + " cannot be written: " + e + ".", e);
            }
            known = own();
        }
    }

    /** A secret as it may lie in the database; there must be a key. */
    Sealed seal(AccountId owner, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        Key key = key().orElseThrow();
        byte[] sealed = aes(Cipher.ENCRYPT_MODE, key, nonce, owner, secret);
        return new Sealed(
                ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                        .put(nonce)
                        .put(sealed)
                        .array(),
                key.name());
    }

    /** What was sealed; empty if it was with another key, or is not as it was sealed. */
    Optional<byte[]> open(AccountId owner, Sealed sealed) {
        if (sealed.keyName() == null) {
            return Optional.of(sealed.secret());
        }
        byte[] nonce = Arrays.copyOf(sealed.secret(), NONCE_BYTES);
        byte[] rest = Arrays.copyOfRange(sealed.secret(), NONCE_BYTES, sealed.secret().length);
        return key().filter(it -> Arrays.equals(it.name(), sealed.keyName())).flatMap(it -> {
            try {
                return Optional.of(aes(Cipher.DECRYPT_MODE, it, nonce, owner, rest));
            } catch (IllegalStateException e) {
                return Optional.empty(); // somebody wrote in the database
            }
        });
    }

    /** The name of the key, if there is one. */
    Optional<byte[]> name() {
        return key().map(Key::name);
    }

    private synchronized Optional<Key> key() {
        return known;
    }

    private static byte[] aes(int mode, Key key, byte[] nonce, AccountId owner, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.aes(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(owner.toString().getBytes(StandardCharsets.US_ASCII));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM, or what it was given", e);
        }
    }

    private Optional<Key> own() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (!DurableFile.PRIVATE.containsAll(Files.getPosixFilePermissions(file))) {
                throw new SecondFactorKeyRefused(
                        "Others than the program's user may read " + file + ": run \"chmod 600 " + file + "\".");
            }
            return Optional.of(read(
                    new Secret(Files.readString(file, StandardCharsets.US_ASCII)),
                    "put " + file + " back from the backup"));
        } catch (IOException e) {
            throw new SecondFactorKeyRefused("The file " + file + " cannot be read: " + e + ".", e);
        }
    }

    private static Key read(Secret line, String remedy) {
        try {
            byte[] key = Base64.getDecoder().decode(line.reveal().strip());
            if (key.length == KEY_BYTES) {
                byte[] name = MessageDigest.getInstance("SHA-256").digest(key);
                return new Key(new SecretKeySpec(key, "AES"), Arrays.copyOf(name, NAME_BYTES));
            }
        } catch (IllegalArgumentException e) {
            // no Base64: refused below, without a word of it
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        throw new SecondFactorKeyRefused("The key of second factors cannot be used: " + remedy + ".");
    }
}
