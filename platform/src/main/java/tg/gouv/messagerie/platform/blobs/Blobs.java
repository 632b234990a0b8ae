package tg.gouv.messagerie.platform.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Large immutable bytes under names that are never used twice.
 *
 * <p>Deletion is the owner's: it removes its row, waits at least the backup retention, then deletes the object.
 */
public interface Blobs {
    /**
     * Stores the stream to its end, in constant memory, and closes nothing.
     *
     * @return the name under which the object is durable now, its size and its SHA-256
     * @throws BlobsUnavailable if it could not be stored; nothing was left under any name a caller knows
     * @throws IOException if the stream failed; nothing was stored
     */
    Blob put(InputStream bytes) throws IOException;

    /**
     * The same under a name that the caller made and wrote down before, so that it finds again what a crash left.
     *
     * @param name that no object ever had
     */
    Blob put(BlobId name, InputStream bytes) throws IOException;

    /**
     * Opens the whole object. The stream fails with {@link CorruptBlob} before its last byte is handed out when the bytes no
     * longer have their SHA-256.
     *
     * @return empty if no object has this name
     * @throws CorruptBlob if that is known already; the stores that {@link BlobStores} opens know it of every object of up to 64 MB
     */
    Optional<InputStream> open(BlobId id);

    /**
     * Opens a part of the object; a part is not checked against the SHA-256 of the whole.
     *
     * @param offset first byte wanted, from 0
     * @param length how many bytes at most
     */
    Optional<InputStream> open(BlobId id, long offset, long length);

    /**
     * What is known of an object, without reading it.
     *
     * @return empty if no object has this name
     * @throws CorruptBlob if it is damaged so much that nothing is known of it
     */
    Optional<Blob> find(BlobId id);

    /** Removes the object for good; removing what does not exist is no error. */
    void delete(BlobId id);

    /** Hears that an object, which somebody names, is not there: for the operator. */
    default void missed(BlobId id) {
        // who counts damage does
    }

    /** How many objects were found damaged or missed since the program started, and have not been read whole since. */
    default long damaged() {
        return 0;
    }
}
