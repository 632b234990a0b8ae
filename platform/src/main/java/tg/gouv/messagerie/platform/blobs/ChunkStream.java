package tg.gouv.messagerie.platform.blobs;

import java.io.InputStream;
import java.util.Objects;

/** A part of an object in PostgreSQL, read one chunk after the other. */
final class ChunkStream extends InputStream {
    private final PostgresBlobs blobs;
    private final PostgresBlobs.Header header;
    private final long end;

    /** Where the next chunk to read begins in the object. */
    private long position;

    private byte[] chunk = {};
    private int taken;

    ChunkStream(PostgresBlobs blobs, PostgresBlobs.Header header, Range range) {
        this.blobs = blobs;
        this.header = header;
        this.position = range.from();
        this.end = range.to();
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (taken == chunk.length) {
            if (position == end) {
                return -1;
            }
            fetch();
        }
        int count = Math.min(length, chunk.length - taken);
        System.arraycopy(chunk, taken, into, offset, count);
        taken += count;
        return count;
    }

    @Override
    public int available() {
        return chunk.length - taken;
    }

    private void fetch() {
        int number = Math.toIntExact(position / header.chunkBytes());
        int from = (int) (position % header.chunkBytes());
        int count = (int) Math.min(header.chunkBytes() - from, end - position);
        chunk = blobs.read(header.blob().id(), number, from, count);
        taken = 0;
        position += count;
    }
}
