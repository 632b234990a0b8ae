package tg.gouv.messagerie.platform.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.platform.database.Processes;
import tg.gouv.messagerie.platform.database.Uuid7;

/** What every blob store must do. */
abstract class BlobsContract {
    private static final int CHUNK = PostgresBlobs.CHUNK_BYTES;

    /** The store under test, empty when a test begins. */
    abstract Blobs blobs();

    /** Changes one byte of a stored object behind the store's back. */
    abstract void damage(BlobId id, int at) throws IOException;

    /** Removes bytes from the end of a stored object behind the store's back. */
    abstract void cut(BlobId id) throws IOException;

    /** How many objects there are, whole or not. */
    abstract long count() throws IOException;

    /** How {@link BlobCopy} opens this store in a JVM of its own. */
    abstract List<String> elsewhere();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7})
    void givesBackWhatItWasGiven(int size) throws IOException {
        byte[] bytes = random(size);
        Blob blob = blobs().put(new ByteArrayInputStream(bytes));
        assertThat(blob).isEqualTo(new Blob(blob.id(), size, sha256(bytes)));
        assertThat(blob.id().value().version()).isEqualTo(7);
        assertThat(read(blob.id())).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 3 * CHUNK + 7})
    void storesUnderTheNameThatTheCallerMade(int size) throws IOException {
        byte[] bytes = random(size);
        BlobId name = new BlobId(Uuid7.system().next());
        assertThat(blobs().put(name, new ByteArrayInputStream(bytes))).isEqualTo(new Blob(name, size, sha256(bytes)));
        assertThat(read(name)).isEqualTo(bytes);
    }

    @Test
    void takesAStreamThatGivesItsBytesInDrops() throws IOException {
        byte[] bytes = random(CHUNK + 5);
        Blob blob = blobs().put(new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1 + bytes.length / 100));
            }
        });
        assertThat(read(blob.id())).isEqualTo(bytes);
    }

    @Test
    void givesItsBytesInDropsToo() throws IOException {
        byte[] bytes = random(2 * CHUNK + 3);
        Blob blob = blobs().put(new ByteArrayInputStream(bytes));
        try (InputStream stream = blobs().open(blob.id()).orElseThrow()) {
            assertThat(stream.read()).isEqualTo(bytes[0] & 0xff);
            assertThat(stream.readNBytes(CHUNK + 1)).isEqualTo(Arrays.copyOfRange(bytes, 1, CHUNK + 2));
            assertThat(stream.skip(2)).isEqualTo(2);
            assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, CHUNK + 4, bytes.length));
            assertThat(stream.read()).isEqualTo(-1);
        }
    }

    /** Netty writes an IMAP literal in pieces of what is available, and of one byte where nothing is. */
    @Test
    void givesWhatItSaysIsAvailableInFewPieces() throws IOException {
        byte[] bytes = random(2 * CHUNK + 3);
        Blob blob = blobs().put(new ByteArrayInputStream(bytes));
        int pieces = 0;
        try (InputStream stream = blobs().open(blob.id()).orElseThrow()) {
            while (stream.read(new byte[Math.max(1, stream.available())]) > 0) {
                pieces++;
            }
        }
        assertThat(pieces).isLessThanOrEqualTo(6);
    }

    @Test
    void givesTheSameBytesTwoNames() throws IOException {
        Blob first = blobs().put(new ByteArrayInputStream(random(10)));
        Blob second = blobs().put(new ByteArrayInputStream(random(10)));
        assertThat(second.sha256()).isEqualTo(first.sha256());
        blobs().delete(first.id());
        assertThat(read(second.id())).isEqualTo(random(10));
    }

    @Test
    void givesAnyPart() throws IOException {
        byte[] bytes = random(2 * CHUNK + 100);
        BlobId id = blobs().put(new ByteArrayInputStream(bytes)).id();
        for (int offset : List.of(0, 1, CHUNK - 1, CHUNK, 2 * CHUNK + 99)) {
            for (int length : List.of(0, 1, 2, CHUNK, CHUNK + 1, Integer.MAX_VALUE)) {
                assertThat(read(id, offset, length))
                        .as("%d bytes from %d", length, offset)
                        .isEqualTo(Arrays.copyOfRange(
                                bytes, offset, (int) Math.min(bytes.length, (long) offset + length)));
            }
        }
        assertThat(read(id, bytes.length, 1)).isEmpty();
        assertThat(read(id, Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
        assertThatThrownBy(() -> blobs().open(id, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> blobs().open(id, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsNothingOfANameItDidNotGive() {
        BlobId unknown = new BlobId(UUID.fromString("01938c5f-0000-7000-8000-000000000000"));
        assertThat(blobs().open(unknown)).isEmpty();
        assertThat(blobs().open(unknown, 0, 1)).isEmpty();
        assertThatCode(() -> blobs().delete(unknown)).doesNotThrowAnyException();
    }

    @Test
    void forgetsWhatIsDeletedOnceOrTwice() throws IOException {
        Blob blob = blobs().put(new ByteArrayInputStream(random(CHUNK + 1)));
        assertThat(count()).isEqualTo(1);
        blobs().delete(blob.id());
        blobs().delete(blob.id());
        assertThat(blobs().open(blob.id())).isEmpty();
        assertThat(count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, CHUNK, CHUNK + 1, 2 * CHUNK - 1})
    void aChangedByteIsFoundBeforeTheLastByteIsHandedOut(int at) throws IOException {
        int size = 2 * CHUNK;
        BlobId id = blobs().put(new ByteArrayInputStream(random(size))).id();
        damage(id, at);
        try (InputStream stream = blobs().open(id).orElseThrow()) {
            assertThat(stream.readNBytes(size - 1)).hasSize(size - 1);
            assertThatThrownBy(stream::read).isInstanceOf(CorruptBlob.class).hasMessageContaining(id.toString());
            assertThatThrownBy(stream::read).isInstanceOf(CorruptBlob.class);
        }
        assertThat(count()).as("the object is kept for the operator").isEqualTo(1);
    }

    @Test
    void aChangedByteOfAOneByteObjectIsFound() throws IOException {
        BlobId id = blobs().put(new ByteArrayInputStream(new byte[] {7})).id();
        damage(id, 0);
        assertThatThrownBy(() -> read(id)).isInstanceOf(CorruptBlob.class);
    }

    @Test
    void missingBytesAreFound() throws IOException {
        BlobId id = blobs().put(new ByteArrayInputStream(random(CHUNK + 1))).id();
        cut(id);
        assertThatThrownBy(() -> read(id)).isInstanceOf(CorruptBlob.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, CHUNK, 2 * CHUNK + 1})
    void aStreamThatFailsLeavesNothing(int after) throws IOException {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the client went away");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return read();
            }
        };
        assertThatThrownBy(() -> blobs().put(new SequenceInputStream(new ByteArrayInputStream(random(after)), failing)))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("the client went away");
        assertThat(count()).isZero();
    }

    @Test
    void doesNotCloseWhatItIsGiven() throws IOException {
        blobs().put(new ByteArrayInputStream(random(3)) {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        });
    }

    @Test
    void storesForManyAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = threads.invokeAll(IntStream.range(0, 40)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        byte[] bytes = random(i * 20_000);
                        Blob blob = blobs().put(new ByteArrayInputStream(bytes));
                        return Arrays.equals(read(blob.id()), bytes);
                    })
                    .toList());
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        }
        assertThat(count()).isEqualTo(40);
    }

    @Test
    void storesAndGivesBackMoreThanTheProgramsMemory() throws Exception {
        Process copy =
                Processes.java(List.of("-Xmx32m"), BlobCopy.class, elsewhere().toArray(String[]::new));
        assertThat(new String(copy.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .contains("copied " + BlobCopy.SIZE_BYTES + " bytes with " + 32 + " MB");
        assertThat(copy.waitFor()).isZero();
    }

    private byte[] read(BlobId id) throws IOException {
        try (InputStream stream = blobs().open(id).orElseThrow()) {
            return stream.readAllBytes();
        }
    }

    private byte[] read(BlobId id, long offset, long length) throws IOException {
        try (InputStream stream = blobs().open(id, offset, length).orElseThrow()) {
            return stream.readAllBytes();
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
