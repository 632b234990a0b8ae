package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.blobs.Blob;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * A large body is durable in the blob store before the row that names it: a crash in between leaves an object that no row
 * names, never a row without its object. Such an object is found by its row of arriving_object, which is committed before the
 * object is written (ReleasedBodies).
 */
/** Message bodies: small ones in PostgreSQL, beside the rows that name them, large ones in the blob store. */
final class Bodies {
    /** Above this a body in the database costs more in WAL and backup than a file does in fsync. */
    static final int INLINE_BYTES_MAX = 32 * 1024;

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Connections connections;
    private final Blobs blobs;
    private final Uuid7 ids;
    private final Clock clock;

    Bodies(Connections connections, Blobs blobs, Uuid7 ids, Clock clock) {
        this.connections = connections;
        this.blobs = blobs;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Reads the stream to its end and makes a body of it; a large one is durable when this returns. The caller holds no connection.
     *
     * @throws IOException if the stream failed; nothing was stored
     * @throws BlobsUnavailable if a large body could not be stored
     */
    StoredBody prepare(InputStream in) throws IOException {
        byte[] beginning = in.readNBytes(INLINE_BYTES_MAX + 1);
        if (beginning.length <= INLINE_BYTES_MAX) {
            return new StoredBody(ids.next(), beginning.length, sha256(beginning), beginning, null);
        }
        Blob blob = blobs.put(arriving(), new SequenceInputStream(new ByteArrayInputStream(beginning), in));
        return new StoredBody(ids.next(), blob.sizeBytes(), HexFormat.of().parseHex(blob.sha256()), null, blob.id());
    }

    private BlobId arriving() {
        UUID object = ids.next();
        try {
            connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(
                    c,
                    "insert into arriving_object(object, since) values (?, ?)",
                    object,
                    clock.instant().atOffset(ZoneOffset.UTC)));
        } catch (StoreUnavailable e) {
            throw new BlobsUnavailable("object " + object + ": " + e.getMessage(), e.worthRetrying(), e);
        }
        return new BlobId(object);
    }

    /** Whether a stream holds exactly a known body; it is read to its end, or to the first sign that it does not. */
    static boolean isBody(InputStream in, long sizeBytes, byte[] sha256) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        long seen = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            seen += count;
            if (seen > sizeBytes) {
                return false;
            }
            digest.update(buffer, 0, count);
        }
        return seen == sizeBytes && Arrays.equals(digest.digest(), sha256);
    }

    /** Removes the object of a body whose row was not written after all. */
    void forget(StoredBody body) {
        if (body.object() != null) {
            blobs.delete(body.object());
        }
    }

    /**
     * Opens a body that a row names; damage is found while it is read.
     *
     * @param bytes column {@code bytes}
     * @param object column {@code object}
     * @throws CorruptBlob if the bytes do not have their SHA-256, or the object is gone
     */
    InputStream open(UUID id, byte[] sha256, byte @Nullable [] bytes, @Nullable UUID object) {
        if (bytes != null) {
            if (!Arrays.equals(sha256, sha256(bytes))) {
                throw new CorruptBlob("body " + id + " does not have its SHA-256");
            }
            return new ByteArrayInputStream(bytes);
        }
        if (object == null) {
            throw new IllegalStateException("body " + id + " has neither bytes nor object");
        }
        BlobId name = new BlobId(object);
        return blobs.open(name).orElseThrow(() -> {
            blobs.missed(name);
            return new CorruptBlob("object " + object + " of body " + id + " is gone");
        });
    }

    private static byte[] sha256(byte[] bytes) {
        return digest().digest(bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
