package tg.gouv.messagerie.platform.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The digest that stands for a row and every row before it (SHA-256).
 *
 * @param hex 64 digits, in lower case
 */
record Link(String hex) {
    private static final byte[] CHAIN = "messagerie audit chain 1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ROW = "messagerie audit row 1\0".getBytes(StandardCharsets.US_ASCII);

    /** What comes before the first row of a chain: the digest of the words above and the chain's id. */
    static Link first(UUID chain) {
        MessageDigest digest = sha256();
        digest.update(CHAIN);
        digest.update(ByteBuffer.allocate(16)
                .putLong(chain.getMostSignificantBits())
                .putLong(chain.getLeastSignificantBits())
                .flip());
        return new Link(HexFormat.of().formatHex(digest.digest()));
    }

    /** The link after this one: the digest of the words above, this link (32 bytes), the number (8 bytes) and the row. */
    Link next(long number, Row row) {
        MessageDigest digest = sha256();
        digest.update(ROW);
        digest.update(HexFormat.of().parseHex(hex));
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        digest.update(row.encoded());
        return new Link(HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
