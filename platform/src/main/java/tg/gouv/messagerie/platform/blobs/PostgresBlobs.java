package tg.gouv.messagerie.platform.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * An object is a row of blob and its chunks. While it arrives, the row has no SHA-256 and no reader sees it; the statement
 * that writes the last chunk gives the row its SHA-256. No connection is held while the caller's stream is read or
 * written, so a slow client holds none either. An object of one chunk is one statement.
 */
/** Objects in the schema {@code platform} of the database. */
public final class PostgresBlobs implements Blobs {
    static final int CHUNK_BYTES = 256 * 1024;

    /** Nothing takes longer to arrive. */
    private static final Duration ARRIVAL_MAX = Duration.ofDays(1);

    private final Connections connections;
    private final Uuid7 ids;

    /**
     * A store on connections of its own.
     *
     * @param connections of the schema {@code platform}, brought up to date
     */
    public PostgresBlobs(Connections connections, Uuid7 ids) {
        this.connections = connections;
        this.ids = ids;
    }

    @Override
    public Blob put(InputStream bytes) throws IOException {
        return put(new BlobId(ids.next()), bytes);
    }

    @Override
    public Blob put(BlobId id, InputStream bytes) throws IOException {
        MessageDigest digest = Sha256.begin();
        byte[] chunk = bytes.readNBytes(CHUNK_BYTES);
        digest.update(chunk);
        if (chunk.length < CHUNK_BYTES) {
            byte[] sha256 = digest.digest();
            insertWhole(id, chunk, sha256);
            return new Blob(id, chunk.length, HexFormat.of().formatHex(sha256));
        }
        try {
            return putChunks(id, chunk, bytes, digest);
        } catch (IOException | RuntimeException failure) {
            forget(id, failure);
            throw failure;
        }
    }

    private Blob putChunks(BlobId id, byte[] first, InputStream bytes, MessageDigest digest) throws IOException {
        begin(id, first);
        long size = first.length;
        int number = 1;
        byte[] chunk = bytes.readNBytes(CHUNK_BYTES);
        for (; chunk.length == CHUNK_BYTES; chunk = bytes.readNBytes(CHUNK_BYTES)) {
            digest.update(chunk);
            size += chunk.length;
            insertChunk(id, number++, chunk);
        }
        digest.update(chunk);
        size += chunk.length;
        byte[] sha256 = digest.digest();
        finish(id, number, chunk, size, sha256);
        return new Blob(id, size, HexFormat.of().formatHex(sha256));
    }

    @Override
    public Optional<InputStream> open(BlobId id) {
        return header(id)
                .map(header -> new VerifiedStream(
                        header.blob(),
                        new ChunkStream(this, header, new Range(0, header.blob().sizeBytes()))));
    }

    @Override
    public Optional<InputStream> open(BlobId id, long offset, long length) {
        return header(id)
                .map(header -> new ChunkStream(
                        this, header, Range.of(offset, length, header.blob().sizeBytes())));
    }

    @Override
    public Optional<Blob> find(BlobId id) {
        return header(id).map(Header::blob);
    }

    @Override
    public void delete(BlobId id) {
        run(id, () -> connections.autoCommit(c -> Sql.update(c, "delete from blob where id = ?", id.value())));
    }

    /** Removes the objects that a crash cut short while they arrived. */
    void sweep() {
        long before = Instant.now().minus(ARRIVAL_MAX).toEpochMilli();
        UUID youngest = new UUID(before << 16, 0); // RFC 9562 section 5.7: the time leads
        run(
                new BlobId(youngest),
                () -> connections.autoCommit(
                        c -> Sql.update(c, "delete from blob where sha256 is null and id < ?", youngest)));
    }

    /**
     * Reads a part of one chunk.
     *
     * @param from within the chunk
     */
    byte[] read(BlobId id, int number, int from, int count) {
        return run(
                        id,
                        () -> connections.autoCommit(c -> Sql.first(
                                c,
                                row -> row.getBytes(1),
                                "select substring(bytes from ? for ?) from blob_chunk where blob_id = ? and number = ?",
                                from + 1,
                                count,
                                id.value(),
                                number)))
                .filter(bytes -> bytes.length == count)
                .orElseThrow(() -> new CorruptBlob("object " + id + " lacks bytes of its chunk " + number));
    }

    private Optional<Header> header(BlobId id) {
        return run(
                id,
                () -> connections.autoCommit(c -> Sql.first(
                        c,
                        row -> new Header(
                                new Blob(id, row.getLong(1), HexFormat.of().formatHex(row.getBytes(2))), row.getInt(3)),
                        "select size_bytes, sha256, chunk_bytes from blob where id = ? and sha256 is not null",
                        id.value())));
    }

    private void insertWhole(BlobId id, byte[] chunk, byte[] sha256) {
        run(
                id,
                () -> connections.autoCommit(
                        c -> Sql.update(c, """
                with made as (
                    insert into blob(id, chunk_bytes, size_bytes, sha256) values (?, ?, ?, ?) returning id)
                insert into blob_chunk(blob_id, number, bytes) select id, 0, ? from made
                """, id.value(), CHUNK_BYTES, (long) chunk.length, sha256, chunk)));
    }

    private void begin(BlobId id, byte[] first) {
        run(id, () -> connections.autoCommit(c -> Sql.update(c, """
                with begun as (insert into blob(id, chunk_bytes) values (?, ?) returning id)
                insert into blob_chunk(blob_id, number, bytes) select id, 0, ? from begun
                """, id.value(), CHUNK_BYTES, first)));
    }

    private void insertChunk(BlobId id, int number, byte[] chunk) {
        run(
                id,
                () -> connections.autoCommit(c -> Sql.update(
                        c,
                        "insert into blob_chunk(blob_id, number, bytes) values (?, ?, ?)",
                        id.value(),
                        number,
                        chunk)));
    }

    private void finish(BlobId id, int number, byte[] last, long size, byte[] sha256) {
        int finished = run(
                id,
                () -> connections.autoCommit(
                        c -> Sql.update(c, """
                with last as (insert into blob_chunk(blob_id, number, bytes) values (?, ?, ?))
                update blob set size_bytes = ?, sha256 = ? where id = ? and sha256 is null
                """, id.value(), number, last, size, sha256, id.value())));
        if (finished != 1) {
            throw new IllegalStateException("object " + id + " was removed while it arrived");
        }
    }

    private void forget(BlobId id, Exception failure) {
        try {
            delete(id);
        } catch (BlobsUnavailable e) {
            failure.addSuppressed(e); // the next sweep removes it
        }
    }

    private static <T> T run(BlobId id, Supplier<T> statement) {
        try {
            return statement.get();
        } catch (StoreUnavailable e) {
            throw new BlobsUnavailable("object " + id + ": " + e.getMessage(), e.worthRetrying(), e.isFull(), e);
        }
    }

    /** What is known of an object, and into how long chunks it was cut. */
    record Header(Blob blob, int chunkBytes) {}
}
