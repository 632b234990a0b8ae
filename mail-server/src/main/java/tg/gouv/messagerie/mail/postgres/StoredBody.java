package tg.gouv.messagerie.mail.postgres;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.blobs.BlobId;

/**
 * A body ready to be named by rows: a small one in memory, a large one already durable as an object.
 *
 * @param bytes the body, or {@code null} if it is the object
 * @param object its name in the blob store, or {@code null} if the bytes are here
 */
@SuppressWarnings("ArrayRecordComponent") // its arrays are bound as parameters, never compared
record StoredBody(
        UUID id,
        long sizeBytes,
        byte[] sha256,
        byte @Nullable [] bytes,
        @Nullable BlobId object) {
    /** Inserts the row whose parameters {@link #parameters} gives; may stand in a CTE. */
    static final String INSERT = "insert into body(id, size_bytes, sha256, bytes, object) values (?, ?, ?, ?, ?)";

    /** The same as the beginning of {@code insert … select}; what follows is {@code from}, and the row depends on it. */
    static final String INSERT_SELECT = "insert into body(id, size_bytes, sha256, bytes, object)"
            + " select ?::uuid, ?::bigint, ?::bytea, ?::bytea, ?::uuid";

    /** The five parameters of {@link #INSERT} and {@link #INSERT_SELECT}. */
    @Nullable
    Object[] parameters() {
        return new @Nullable Object[] {id, sizeBytes, sha256, bytes, object == null ? null : object.value()};
    }
}
