package tg.gouv.messagerie.portal.pages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * A form's token is made of a cookie that only the browser and we know, so a page of another site cannot write it. Each time it is told it
 * looks otherwise, for who could measure compressed pages must not guess it letter by letter (the BREACH attack).
 */
/** The tokens by which a form is known to be ours. */
final class FormTokens {
    private static final int BYTES = 16;

    private FormTokens() {}

    /** A token for a form of the browser that has this cookie, masked anew. */
    static String token(Secret cookie, SecureRandom random) {
        byte[] mask = new byte[BYTES];
        random.nextBytes(mask);
        byte[] both = Arrays.copyOf(mask, 2 * BYTES);
        byte[] digest = digest(cookie);
        for (int i = 0; i < BYTES; i++) {
            both[BYTES + i] = (byte) (digest[i] ^ mask[i]);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(both);
    }

    /** Whether a token was made for the browser that has this cookie. */
    static boolean isOf(Secret cookie, String token) {
        byte[] both;
        try {
            both = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException _) {
            return false;
        }
        if (both.length != 2 * BYTES) {
            return false;
        }
        byte[] digest = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            digest[i] = (byte) (both[i] ^ both[BYTES + i]);
        }
        return MessageDigest.isEqual(digest, digest(cookie));
    }

    private static byte[] digest(Secret cookie) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update("form:".getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(sha256.digest(cookie.reveal().getBytes(StandardCharsets.UTF_8)), BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
