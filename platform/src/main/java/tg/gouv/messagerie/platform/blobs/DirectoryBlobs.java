package tg.gouv.messagerie.platform.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * <folder>/incoming/…         objects that arrive; nobody reads them
 * <folder>/<xyz>/<id>         whole objects, in 4,096 folders named by the last three digits of the id (the first digits
 *                             are the time, the last are random): the bytes, then the trailer
 *
 * An object is durable when its file was forced, renamed, and the folder that holds its name forced; the folder's own name
 * was forced before its first use.
 */
/** Objects in a folder of this machine, for this program's user alone. */
public final class DirectoryBlobs implements Blobs {
    private static final FileAttribute<Set<PosixFilePermission>> OUR_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OUR_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final int BUFFER_BYTES = 64 * 1024;

    /** On a disk with less room than this, what fails does so because it is full. */
    private static final long ROOM_LEAST_BYTES = 1 << 20;

    /** Nothing takes longer to arrive. */
    private static final Duration ARRIVAL_MAX = Duration.ofDays(1);

    private final Path folder;
    private final Path incoming;
    private final Uuid7 ids;

    /** The folders whose names this program made durable; 4,096 at most. */
    private final Map<Path, Path> durable = new ConcurrentHashMap<>();

    private DirectoryBlobs(Path folder, Uuid7 ids) {
        this.folder = folder;
        this.incoming = folder.resolve("incoming");
        this.ids = ids;
    }

    /**
     * The store in a folder, made if need be; what a crash cut short a day ago or more is removed.
     *
     * @throws BlobsUnavailable if the folder cannot be made or written
     */
    public static DirectoryBlobs in(Path folder, Uuid7 ids) {
        DirectoryBlobs blobs = new DirectoryBlobs(folder.toAbsolutePath().normalize(), ids);
        try {
            Files.createDirectories(blobs.incoming, OUR_FOLDER);
            blobs.sweep();
            return blobs;
        } catch (IOException e) {
            throw new BlobsUnavailable(
                    "The blob folder " + folder + " cannot be used (" + e
                            + "): give this program's user the right to write there, or name another in blobs.path.",
                    false,
                    e);
        }
    }

    @Override
    public Blob put(InputStream bytes) throws IOException {
        return put(new BlobId(ids.next()), bytes);
    }

    @Override
    public Blob put(BlobId id, InputStream bytes) throws IOException {
        Path arriving = incoming.resolve(id.toString());
        try {
            Blob blob = write(id, arriving, bytes);
            return onDisk(id, () -> {
                Path home = home(id);
                Files.move(arriving, home.resolve(id.toString()), StandardCopyOption.ATOMIC_MOVE);
                force(home);
                return blob;
            });
        } catch (IOException | RuntimeException failure) {
            discard(arriving, failure);
            throw failure;
        }
    }

    @Override
    public Optional<InputStream> open(BlobId id) {
        return opened(
                id, (file, blob) -> new VerifiedStream(blob, new FileRange(file, new Range(0, blob.sizeBytes()))));
    }

    @Override
    public Optional<InputStream> open(BlobId id, long offset, long length) {
        return opened(id, (file, blob) -> new FileRange(file, Range.of(offset, length, blob.sizeBytes())));
    }

    @Override
    public Optional<Blob> find(BlobId id) {
        return onDisk(id, () -> {
            try (FileChannel file = FileChannel.open(folder(id).resolve(id.toString()), StandardOpenOption.READ)) {
                return Optional.of(Trailer.read(id, file));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public void delete(BlobId id) {
        onDisk(id, () -> {
            Path home = home(id);
            if (Files.deleteIfExists(home.resolve(id.toString()))) {
                force(home);
            }
            return id;
        });
    }

    private Blob write(BlobId id, Path arriving, InputStream bytes) throws IOException {
        try (FileChannel file = onDisk(id, () -> FileChannel.open(arriving, NEW, OUR_FILE))) {
            MessageDigest digest = Sha256.begin();
            byte[] buffer = new byte[BUFFER_BYTES];
            long size = 0;
            for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
                digest.update(buffer, 0, count);
                append(id, file, ByteBuffer.wrap(buffer, 0, count));
                size += count;
            }
            byte[] sha256 = digest.digest();
            append(id, file, Trailer.of(size, sha256));
            onDisk(id, () -> {
                file.force(true);
                return id;
            });
            return new Blob(id, size, HexFormat.of().formatHex(sha256));
        }
    }

    private void append(BlobId id, FileChannel file, ByteBuffer bytes) {
        onDisk(id, () -> {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            return id;
        });
    }

    private Optional<InputStream> opened(BlobId id, BiFunction<FileChannel, Blob, InputStream> stream) {
        return onDisk(id, () -> {
            FileChannel file;
            try {
                file = FileChannel.open(folder(id).resolve(id.toString()), StandardOpenOption.READ);
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
            try {
                return Optional.of(stream.apply(file, Trailer.read(id, file)));
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        });
    }

    private Path folder(BlobId id) {
        String name = id.toString();
        return folder.resolve(name.substring(name.length() - 3));
    }

    /** The folder of an object, whose own name is durable. */
    private Path home(BlobId id) {
        return durable.computeIfAbsent(
                folder(id),
                home -> onDisk(id, () -> {
                    Files.createDirectories(home, OUR_FOLDER);
                    force(folder);
                    return home;
                }));
    }

    private void sweep() throws IOException {
        FileTime before = FileTime.from(Instant.now().minus(ARRIVAL_MAX));
        try (DirectoryStream<Path> arrivals = Files.newDirectoryStream(incoming)) {
            for (Path arrival : arrivals) {
                if (Files.getLastModifiedTime(arrival).compareTo(before) < 0) {
                    Files.deleteIfExists(arrival);
                }
            }
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }

    private static void discard(Path arriving, Exception failure) {
        try {
            Files.deleteIfExists(arriving);
        } catch (IOException e) {
            failure.addSuppressed(e); // the next sweep removes it
        }
    }

    private <T> T onDisk(BlobId id, DiskWork<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            boolean full = isFull();
            throw new BlobsUnavailable("object " + id + ": " + e, full, full, e);
        }
    }

    /** Java tells ENOSPC and EDQUOT by a sentence in the machine's language alone. */
    private boolean isFull() {
        try {
            return Files.getFileStore(folder).getUsableSpace() < ROOM_LEAST_BYTES;
        } catch (IOException e) {
            return false; // it is worse than full
        }
    }

    @FunctionalInterface
    private interface DiskWork<T> {
        T run() throws IOException;
    }
}
