package tg.gouv.messagerie.directory.signin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.settings.Secret;

/** A code that serves once in the place of a telephone's: 80 random bits in base32, {@code QX4T-7PLM-ZK2A-55VD}. */
public final class RecoveryCode {
    private static final int BYTES = 10;
    private static final Pattern FILLING = Pattern.compile("[\\s\\p{Z}\\p{Pd}]");

    private RecoveryCode() {}

    /** A new one, in groups, as it is shown once. */
    public static Secret random(RandomGenerator random) {
        byte[] bits = new byte[BYTES];
        random.nextBytes(bits);
        return new Secret(Totp.base32(bits).replaceAll("(.{4})(?=.)", "$1-"));
    }

    /** What is stored of one: it fits no other account. Case, spaces and hyphens do not matter. */
    public static byte[] digest(AccountId account, Secret typed) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(account.value().getMostSignificantBits())
                    .putLong(account.value().getLeastSignificantBits())
                    .flip());
            String characters = FILLING.matcher(typed.reveal()).replaceAll("").toUpperCase(Locale.ROOT);
            return sha256.digest(characters.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
