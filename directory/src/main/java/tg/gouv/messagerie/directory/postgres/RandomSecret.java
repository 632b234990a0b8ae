package tg.gouv.messagerie.directory.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import tg.gouv.messagerie.platform.settings.Secret;

/** Secrets of 256 random bits that programs keep, of which the database has the hash: nobody guesses one, so it needs no slow hash. */
final class RandomSecret {
    private static final int BYTES = 32;

    private RandomSecret() {}

    /** Another one, in characters that serve in a cookie, a field of HTTP or an address. */
    static Secret next(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** What the database has of one, whatever somebody gives as one. */
    static byte[] hash(Secret given) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(given.reveal().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
