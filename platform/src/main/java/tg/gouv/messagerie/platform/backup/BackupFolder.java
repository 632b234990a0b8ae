package tg.gouv.messagerie.platform.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * DIR/2026-11-26T12-05-33.123Z.partial/…   while it is made; its maker holds a lock on the file « lock » in it
 * DIR/2026-11-26T12-05-33.123Z/…           whole: every file and every folder was forced to the disk before it got this name
 *
 * What bears the second name and holds a manifest is whole. What bears the first and is locked by nobody was left by a crash.
 */
/** A backup's folder while it is made; unless it is finished, closing removes it. */
final class BackupFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackupFolder.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern WHOLE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}Z");
    private static final String PARTIAL = ".partial";
    private static final String LOCK = "lock";
    private static final FileAttribute<Set<PosixFilePermission>> OUR_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OUR_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final int BUFFER_BYTES = 128 * 1024;

    private final Path directory;
    private final String name;
    private final Path partial;
    private final FileChannel lock;
    private final Set<Path> folders = new ConcurrentSkipListSet<>(Comparator.reverseOrder());
    private boolean finished;

    private BackupFolder(Path directory, String name, Path partial, FileChannel lock) {
        this.directory = directory;
        this.name = name;
        this.partial = partial;
        this.lock = lock;
    }

    /** What writes a file. */
    @FunctionalInterface
    interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /** Begins a backup named by its time, and removes what crashes left beside it; the folder around is made if need be. */
    static BackupFolder begin(Path directory, Instant at) throws IOException {
        Path around = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(around)) {
            Files.createDirectories(around, OUR_FOLDER);
        }
        removeLeftOvers(around);
        String name = NAME.format(at);
        Path partial = around.resolve(name + PARTIAL);
        Files.createDirectory(partial, OUR_FOLDER);
        FileChannel lock = FileChannel.open(partial.resolve(LOCK), NEW, OUR_FILE);
        if (lock.tryLock() == null) {
            throw new IOException("somebody else locked " + partial);
        }
        return new BackupFolder(around, name, partial, lock);
    }

    /** The backup's name. */
    String name() {
        return name;
    }

    /** Writes a file; it is on the disk when this returns, and not there if this throws. */
    Content write(String file, Writing writing) throws IOException {
        Path path = make(file);
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(path, NEW, OUR_FILE)) {
            OutputStream out = new BufferedOutputStream(
                    new DigestOutputStream(Channels.newOutputStream(channel), digest), BUFFER_BYTES);
            writing.to(out);
            out.flush();
            channel.force(true);
            return new Content(file, channel.size(), HexFormat.of().formatHex(digest.digest()));
        } catch (IOException | RuntimeException failure) {
            discard(path, failure);
            throw failure;
        }
    }

    /**
     * Takes over a file that another backup holds already, if it is what is wanted: both share it from now on, and it is never
     * changed.
     */
    boolean share(Path other, Content wanted) throws IOException {
        if (!Files.isRegularFile(other) || !holds(other, wanted)) {
            return false;
        }
        try {
            Files.createLink(make(wanted.file()), other);
            return true;
        } catch (UnsupportedOperationException | IOException e) {
            LOG.debug("event=backup-file-not-shared reason=\"{}\"", e.toString());
            return false; // the file system knows no links, or allows no more of them
        }
    }

    /** Whether the file is there already. */
    boolean has(String file) {
        return Files.exists(partial.resolve(file));
    }

    /** Gives the backup its name; it is whole, and durable, when this returns. */
    Path finish() throws IOException {
        Files.delete(partial.resolve(LOCK));
        for (Path folder : folders) { // the deepest first
            force(folder);
        }
        force(partial);
        Path whole = directory.resolve(name);
        if (Files.exists(whole)) {
            throw new IOException("there is a backup of this moment already: " + whole);
        }
        Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
        finished = true;
        force(directory);
        return whole;
    }

    @Override
    public void close() {
        try {
            lock.close();
            if (!finished) {
                remove(partial);
            }
        } catch (IOException e) {
            LOG.error("event=backup-left-over folder={} reason=\"{}\"", partial, e.toString());
        }
    }

    /** The whole backups of a folder, the oldest first. */
    static List<Path> whole(Path directory) throws IOException {
        List<Path> whole = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (WHOLE.matcher(String.valueOf(entry.getFileName())).matches()
                        && Files.isRegularFile(entry.resolve(Manifest.FILE))) {
                    whole.add(entry);
                }
            }
        }
        whole.sort(Comparator.naturalOrder());
        return whole;
    }

    /** Removes a whole backup: first what makes it one, so that a crash leaves none that only seems whole. */
    static void removeWhole(Path whole) throws IOException {
        Path leaving = whole.resolveSibling(whole.getFileName() + PARTIAL);
        Files.move(whole, leaving, StandardCopyOption.ATOMIC_MOVE);
        force(Objects.requireNonNull(whole.getParent()));
        remove(leaving);
    }

    /** Whether a file holds these bytes. */
    static boolean holds(Path file, Content wanted) throws IOException {
        if (Files.size(file) != wanted.bytes()) {
            return false;
        }
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(wanted.sha256());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Path make(String file) throws IOException {
        Path path = partial.resolve(file);
        for (Path folder = path.getParent(); folder != null && !folder.equals(partial); folder = folder.getParent()) {
            if (!folders.contains(folder)) {
                Files.createDirectories(folder, OUR_FOLDER);
                folders.add(folder);
            }
        }
        return path;
    }

    private static void discard(Path path, Exception failure) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void removeLeftOvers(Path directory) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*Z" + PARTIAL)) {
            for (Path each : left) {
                if (isAbandoned(each)) {
                    LOG.info("event=backup-left-over-removed folder={}", each);
                    remove(each);
                }
            }
        }
    }

    private static boolean isAbandoned(Path partial) throws IOException {
        try (FileChannel channel = FileChannel.open(partial.resolve(LOCK), StandardOpenOption.WRITE)) {
            Optional<FileLock> free = Optional.ofNullable(channel.tryLock());
            return free.isPresent();
        } catch (OverlappingFileLockException e) {
            return false; // this very process makes it
        } catch (NoSuchFileException e) {
            return true; // about to get its name, or to go: a crash alone leaves it so
        }
    }

    private static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }
}
