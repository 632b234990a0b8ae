package tg.gouv.messagerie.directory.signin;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * The twelve bits of check keep a password that somebody chose from being taken for one of these: one in 4,096 of those that have this
 * many letters and digits and no others would be. What was mistyped is compared as a main password, which it is not.
 */
/**
 * What a device password looks like: {@code K7QM-2XFP-9DTR-4HWA-0C3N-8GYB-5ZE1}, 128 random bits and 12 bits of check in base32 with
 * Crockford's alphabet, where no letter is taken for a digit. Case, spaces and hyphens do not matter.
 */
public final class DevicePassword {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int BYTES = 16;
    private static final int CHARACTERS = 28;
    private static final int GROUP = 4;

    /** What somebody types at most: what is longer is none. */
    private static final int TYPED_MAX = 100;

    private static final Pattern FILLING = Pattern.compile("[\\s\\p{Z}\\p{Pd}]");

    private final byte[] bits;

    private DevicePassword(byte[] bits) {
        this.bits = bits;
    }

    /** A new one. */
    public static DevicePassword random(RandomGenerator random) {
        byte[] bits = new byte[BYTES];
        random.nextBytes(bits);
        return new DevicePassword(bits);
    }

    /** What somebody typed, if it is one; whether it opens something is another question. */
    public static Optional<DevicePassword> typed(Secret secret) {
        String text = secret.reveal();
        if (text.length() < CHARACTERS || text.length() > TYPED_MAX) {
            return Optional.empty();
        }
        String characters = FILLING.matcher(text).replaceAll("");
        if (characters.length() != CHARACTERS) {
            return Optional.empty();
        }
        byte[] all = new byte[BYTES + 2]; // 140 bits, and 4 that are not used
        int bit = 0;
        for (int i = 0; i < CHARACTERS; i++) {
            int value = ALPHABET.indexOf(canonical(characters.charAt(i)));
            if (value < 0) {
                return Optional.empty();
            }
            for (int shift = 4; shift >= 0; shift--, bit++) {
                all[bit / Byte.SIZE] |= (byte) (((value >> shift) & 1) << (7 - bit % Byte.SIZE));
            }
        }
        DevicePassword password = new DevicePassword(Arrays.copyOf(all, BYTES));
        return Arrays.equals(all, password.checked()) ? Optional.of(password) : Optional.empty();
    }

    private static char canonical(char typed) {
        char upper = typed >= 'a' && typed <= 'z' ? (char) (typed - 'a' + 'A') : typed;
        return switch (upper) {
            case 'O' -> '0';
            case 'I', 'L' -> '1';
            default -> upper;
        };
    }

    /** In groups, as it is shown once. */
    public Secret shown() {
        byte[] all = checked();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < CHARACTERS; i++) {
            if (i > 0 && i % GROUP == 0) {
                text.append('-');
            }
            int value = 0;
            for (int bit = 5 * i; bit < 5 * i + 5; bit++) {
                value = (value << 1) | ((all[bit / Byte.SIZE] >> (7 - bit % Byte.SIZE)) & 1);
            }
            text.append(ALPHABET.charAt(value));
        }
        return new Secret(text.toString());
    }

    /** What is stored of it: it fits no other account, and what it was cannot be found again. */
    public byte[] digest(AccountId account) {
        MessageDigest sha256 = sha256();
        sha256.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(account.value().getMostSignificantBits())
                .putLong(account.value().getLeastSignificantBits())
                .flip());
        return sha256.digest(bits);
    }

    /** The bits, and the first twelve of their digest. */
    private byte[] checked() {
        byte[] all = Arrays.copyOf(bits, BYTES + 2);
        byte[] digest = sha256().digest(bits);
        all[BYTES] = digest[0];
        all[BYTES + 1] = (byte) (digest[1] & 0xf0);
        return all;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
