package tg.gouv.messagerie.directory.signin;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** A hash of Argon2id version 1.3 (RFC 9106) and what made it, written as a PHC string. */
final class Argon2id {
    /** RFC 9106 section 3.1 recommends 16 bytes of salt. */
    static final int SALT_BYTES = 16;

    static final int TAG_BYTES = 32;

    /** Bounds on what a stored hash may ask of this machine: 4 GiB of memory, 999 passes, 99 lanes. */
    private static final Pattern PHC = Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
            + "\\$([A-Za-z0-9+/]{11,64})\\$([A-Za-z0-9+/]{16,128})");

    private static final int MEMORY_KIB_MAX = 4 << 20;

    private final Cost cost;
    private final byte[] salt;
    private final byte[] tag;

    Argon2id(Cost cost, byte[] salt, byte[] tag) {
        this.cost = cost;
        this.salt = salt.clone();
        this.tag = tag.clone();
    }

    /** Reads a PHC string; empty if it is not one of Argon2id that this machine can check. */
    static Optional<Argon2id> parse(String phc) {
        Matcher written = PHC.matcher(phc);
        if (!written.matches()) {
            return Optional.empty();
        }
        try {
            Cost cost = new Cost(
                    Integer.parseInt(written.group(2)),
                    Integer.parseInt(written.group(1)),
                    Integer.parseInt(written.group(3)));
            Base64.Decoder base64 = Base64.getDecoder();
            return Optional.of(new Argon2id(cost, base64.decode(written.group(4)), base64.decode(written.group(5))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The hash of a secret. */
    static Argon2id of(Cost cost, byte[] salt, byte[] secret) {
        return new Argon2id(cost, salt, run(cost, salt, TAG_BYTES, secret));
    }

    Cost cost() {
        return cost;
    }

    /** The tag that this secret has under this hash's salt and cost. */
    byte[] tagOf(byte[] secret) {
        return run(cost, salt, tag.length, secret);
    }

    /** The tag of the right secret. */
    byte[] tag() {
        return tag.clone();
    }

    /** The PHC string: {@code $argon2id$v=19$m=19456,t=2,p=1$salt$tag}, base64 without padding. */
    @Override
    public String toString() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.passes() + ",p=" + cost.lanes() + "$"
                + base64.encodeToString(salt) + "$" + base64.encodeToString(tag);
    }

    private static byte[] run(Cost cost, byte[] salt, int tagBytes, byte[] secret) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withIterations(cost.passes())
                .withMemoryAsKB(cost.memoryKib())
                .withParallelism(cost.lanes())
                .withSalt(salt)
                .build());
        byte[] tag = new byte[tagBytes];
        generator.generateBytes(secret, tag);
        return tag;
    }

    /**
     * What one hash costs.
     *
     * @param memoryKib at least 8 for each lane (RFC 9106 section 3.1)
     */
    record Cost(int passes, int memoryKib, int lanes) {
        Cost {
            if (passes < 1 || lanes < 1 || memoryKib < 8 * lanes || memoryKib > MEMORY_KIB_MAX) {
                throw new IllegalArgumentException(
                        "Argon2id cannot have t=" + passes + ", m=" + memoryKib + ", p=" + lanes);
            }
        }
    }
}
