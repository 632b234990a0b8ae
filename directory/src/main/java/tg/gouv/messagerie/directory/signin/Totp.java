package tg.gouv.messagerie.directory.signin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tg.gouv.messagerie.platform.settings.Secret;

/** Codes of six digits that change every thirty seconds (RFC 6238, with HMAC-SHA-1, which every telephone knows). */
public final class Totp {
    /** RFC 4226 section 4 R6 recommends 160 bits. */
    public static final int SECRET_BYTES = 20;

    private static final long STEP_SECONDS = 30;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{6}");
    private static final Pattern FILLING = Pattern.compile("[\\s\\p{Z}]");
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Totp() {}

    /** Whether somebody typed what such a code looks like. */
    public static boolean looksLike(Secret typed) {
        return DIGITS.matcher(digits(typed)).matches();
    }

    /**
     * The step of which a code is: now's, the one before or the one after (RFC 6238 section 5.2); empty if it is of none.
     *
     * @param after only later ones count: a code serves once (RFC 6238 section 5.2)
     */
    public static OptionalLong step(byte[] secret, Secret typed, Instant now, long after) {
        byte[] given = digits(typed).getBytes(StandardCharsets.UTF_8);
        long today = now.getEpochSecond() / STEP_SECONDS;
        OptionalLong found = OptionalLong.empty();
        for (long step = today - 1; step <= today + 1; step++) {
            byte[] code = code(secret, step).getBytes(StandardCharsets.US_ASCII);
            if (MessageDigest.isEqual(code, given) && step > after) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    /** The code of a moment, as a telephone shows it. */
    public static String code(byte[] secret, Instant at) {
        return code(secret, at.getEpochSecond() / STEP_SECONDS);
    }

    private static String code(byte[] secret, long step) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            byte[] tag =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int offset = tag[tag.length - 1] & 0xf; // RFC 4226 section 5.3
            int number = ByteBuffer.wrap(tag).getInt(offset) & Integer.MAX_VALUE;
            return "%06d".formatted(number % 1_000_000);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA1", e);
        }
    }

    /** A secret as people type it and telephones read it: base32 (RFC 4648 section 6) without padding. */
    public static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int bits = 0;
        int count = 0;
        for (byte each : bytes) {
            bits = (bits << Byte.SIZE | (each & 0xff)) & 0xffff;
            count += Byte.SIZE;
            while (count >= 5) {
                count -= 5;
                text.append(ALPHABET.charAt((bits >> count) & 31));
            }
        }
        if (count > 0) {
            text.append(ALPHABET.charAt((bits << (5 - count)) & 31));
        }
        return text.toString();
    }

    private static String digits(Secret typed) {
        return FILLING.matcher(typed.reveal()).replaceAll("");
    }
}
