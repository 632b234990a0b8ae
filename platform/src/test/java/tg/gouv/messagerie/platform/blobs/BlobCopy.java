package tg.gouv.messagerie.platform.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Random;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

/** A program that stores one object larger than its memory, and reads it back. */
final class BlobCopy {
    static final long SIZE_BYTES = 50L << 20;

    private BlobCopy() {}

    /** Arguments: {@code directory FOLDER}, or {@code postgresql URL PASSWORD}. */
    @SuppressWarnings("SystemOut") // its output is what the test reads
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("directory")) {
            copy(DirectoryBlobs.in(Path.of(arguments[1]), Uuid7.system()));
        } else {
            try (Database database =
                    Databases.open(TestDatabase.settings(arguments[1], arguments[2]), Path.of("/nowhere"))) {
                copy(new PostgresBlobs(database.connections("copy", "platform", 1), Uuid7.system()));
            }
        }
        System.out.println(
                "copied " + SIZE_BYTES + " bytes with " + (Runtime.getRuntime().maxMemory() >> 20) + " MB");
    }

    private static void copy(Blobs blobs) throws IOException {
        Blob blob = blobs.put(new InputStream() {
            private final Random random = new Random(1);
            private long left = SIZE_BYTES;

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (left == 0) {
                    return -1;
                }
                int count = (int) Math.min(length, left);
                byte[] bytes = new byte[count];
                random.nextBytes(bytes);
                System.arraycopy(bytes, 0, into, offset, count);
                left -= count;
                return count;
            }
        });
        try (InputStream stream = blobs.open(blob.id()).orElseThrow()) {
            if (stream.transferTo(OutputStream.nullOutputStream()) != SIZE_BYTES) {
                throw new IllegalStateException("bytes are missing");
            }
        }
    }
}
