package tg.gouv.messagerie.platform.blobs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** What an object's file ends with: eight letters that say what it is, the object's size and SHA-256. */
final class Trailer {
    private static final byte[] LETTERS = "MSGBLOB1".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES = LETTERS.length + Long.BYTES + Sha256.BYTES;

    private Trailer() {}

    /** The trailer of an object. */
    static ByteBuffer of(long sizeBytes, byte[] sha256) {
        return ByteBuffer.allocate(BYTES)
                .put(LETTERS)
                .putLong(sizeBytes)
                .put(sha256)
                .flip();
    }

    /**
     * What the trailer of a file tells.
     *
     * @throws CorruptBlob if it is not the trailer of a file of this length
     */
    static Blob read(BlobId id, FileChannel file) throws IOException {
        long sizeBytes = file.size() - BYTES;
        ByteBuffer trailer = ByteBuffer.allocate(BYTES);
        if (sizeBytes >= 0) {
            file.read(trailer, sizeBytes);
        }
        byte[] letters = new byte[LETTERS.length];
        byte[] sha256 = new byte[Sha256.BYTES];
        if (trailer.flip().remaining() == BYTES) {
            long written = trailer.get(letters).getLong();
            trailer.get(sha256);
            if (Arrays.equals(letters, LETTERS) && written == sizeBytes) {
                return new Blob(id, sizeBytes, HexFormat.of().formatHex(sha256));
            }
        }
        throw new CorruptBlob("the file of object " + id + " does not end as it was written");
    }
}
