package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/*
 * A directory is ours when it holds the file MARK, which is written before anything else. The lock is held on a file that is
 * never removed: its holder is the one program that runs, whatever pid files and sockets a crash left behind.
 */
/** The directory that holds everything a program keeps on this machine, taken by one program at a time. */
final class DataDirectory implements AutoCloseable {
    /** What the directory was made for; a demonstration never touches a real installation's data, nor the reverse. */
    enum Purpose {
        DEMO,
        SERVICE;

        private String line() {
            return "purpose=" + name().toLowerCase(Locale.ROOT);
        }
    }

    static final String MARK = "messagerie-data";

    /** What the mark says of a directory until a restore into it is over. */
    private static final String HALF_RESTORED = "half-restored";

    private static final int LOCK_TRIES = 10;
    private static final Duration LOOK_OVER_WITHIN = Duration.ofMillis(200);

    private static final String FORMAT = "format=1";
    private static final FileAttribute<Set<PosixFilePermission>> OUR_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> OUR_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final FileChannel lock;

    private DataDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Takes the directory for this program, made if need be.
     *
     * @throws Refusal if it is somebody else's, cannot be written, holds other things, or another program runs on it; nothing
     *     was changed
     */
    static DataDirectory take(Path path, Purpose purpose) {
        Path whole = path.toAbsolutePath().normalize();
        make(whole);
        claim(whole, purpose);
        DataDirectory taken = new DataDirectory(whole, lock(whole));
        taken.sweep();
        return taken;
    }

    /**
     * Takes a directory in which there is nothing for what a backup brings back. Until {@link #restored} says so nobody else may
     * use it, not even after a crash.
     *
     * @throws Refusal if there is something in it, or it cannot be written; nothing was changed
     */
    static DataDirectory takeEmpty(Path path) {
        Path whole = path.toAbsolutePath().normalize();
        make(whole);
        try {
            if (Files.exists(whole.resolve(MARK)) || !isEmpty(whole)) {
                throw new Refusal(ExitStatus.CANNOT_CREATE, "data.not-empty", whole);
            }
            write(whole.resolve(MARK), FORMAT + "\n" + HALF_RESTORED + "\n");
        } catch (IOException e) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "data.cannot-make", whole, reason(e));
        }
        return new DataDirectory(whole, lock(whole));
    }

    /** Says that everything is back: the program may use the directory for what the one it comes from was made. */
    void restored(String mark) {
        write(MARK, mark);
    }

    /**
     * Keeps the program from starting on this directory until it is closed; empty if it runs.
     *
     * @throws Refusal if the directory is not this user's
     */
    static Optional<DataDirectory> keepStopped(Path path) {
        Path whole = path.toAbsolutePath().normalize();
        if (isTaken(whole)) {
            return Optional.empty();
        }
        if (!Files.exists(whole.resolve(MARK))) {
            throw new Refusal(ExitStatus.NO_INPUT, "data.no-program", whole);
        }
        if (!owner(whole).equals(ourselves())) {
            throw new Refusal(
                    ExitStatus.NOT_PERMITTED,
                    "data.not-ours",
                    whole,
                    owner(whole).getName(),
                    ourselves().getName());
        }
        return Optional.of(new DataDirectory(whole, lock(whole)));
    }

    Path path() {
        return path;
    }

    /**
     * Writes a file of this directory, readable by its owner alone: whole or, after a crash, as it was before.
     *
     * @throws Refusal if it cannot be written
     */
    void write(String name, String text) {
        try {
            write(path.resolve(name), text);
        } catch (IOException e) {
            throw new Refusal(ExitStatus.INPUT_OUTPUT, "data.write-failed", path.resolve(name), reason(e));
        }
    }

    /** The lines of a file of this directory; none if there is no such file. */
    List<String> lines(String name) {
        try {
            Path file = path.resolve(name);
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new Refusal(ExitStatus.INPUT_OUTPUT, "data.read-failed", path.resolve(name), reason(e));
        }
    }

    /** Removes a file of this directory, if it is there. */
    void remove(String name) {
        try {
            Files.deleteIfExists(path.resolve(name));
        } catch (IOException e) {
            throw new Refusal(ExitStatus.INPUT_OUTPUT, "data.write-failed", path.resolve(name), reason(e));
        }
    }

    /** Where the running program of a data directory is reached. */
    static Path socket(Path data) {
        return data.resolve("run/control.sock");
    }

    /**
     * Whether a program runs on this directory now.
     *
     * @throws Refusal if the directory is another user's, who alone can tell
     */
    static boolean isTaken(Path data) {
        Path file = data.resolve("run/lock");
        if (Files.exists(data) && !Files.isReadable(data)) {
            throw new Refusal(
                    ExitStatus.NOT_PERMITTED,
                    "data.not-ours",
                    data,
                    owner(data).getName(),
                    ourselves().getName());
        }
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return tryLock(channel) == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** The process that runs on this directory, or ran last. */
    static Optional<Long> lastHolder(Path data) {
        try {
            String written = Files.readString(data.resolve("run/lock")).strip();
            return written.matches("\\d{1,10}") ? Optional.of(Long.parseLong(written)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Lets the next program have the directory. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new IllegalStateException("the lock on " + path + " could not be released", e);
        }
    }

    /** Removes what a write that was cut short has left. */
    private void sweep() {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(path, "*.tmp")) {
            for (Path file : left) {
                Files.delete(file);
            }
        } catch (IOException e) {
            close();
            throw new Refusal(ExitStatus.INPUT_OUTPUT, "data.write-failed", path, reason(e));
        }
    }

    private static void make(Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "data.not-a-directory", path);
        }
        try {
            Path above = path.getParent();
            if (above != null) {
                Files.createDirectories(above);
            }
            Files.createDirectories(path, OUR_FOLDER);
        } catch (IOException e) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "data.cannot-make", path, reason(e));
        }
        UserPrincipal owner = owner(path);
        if (!owner.equals(ourselves())) {
            throw new Refusal(
                    ExitStatus.NOT_PERMITTED,
                    "data.not-ours",
                    path,
                    owner.getName(),
                    ourselves().getName());
        }
        if (!Files.isWritable(path)) {
            throw new Refusal(
                    ExitStatus.CANNOT_CREATE,
                    "data.not-writable",
                    path,
                    ourselves().getName());
        }
    }

    private static void claim(Path path, Purpose purpose) {
        Path mark = path.resolve(MARK);
        try {
            if (!Files.exists(mark)) {
                if (!isEmpty(path)) {
                    throw new Refusal(ExitStatus.CANNOT_CREATE, "data.foreign", path);
                }
                write(mark, FORMAT + "\n" + purpose.line() + "\n");
            }
            List<String> lines = Files.readAllLines(mark);
            if (!lines.contains(FORMAT)) {
                throw new Refusal(ExitStatus.SETTINGS, "data.newer", path);
            }
            if (lines.contains(HALF_RESTORED)) {
                throw new Refusal(ExitStatus.CANNOT_CREATE, "data.half-restored", path);
            }
            if (!lines.contains(purpose.line())) {
                throw new Refusal(
                        ExitStatus.CANNOT_CREATE,
                        purpose == Purpose.DEMO ? "data.holds-a-service" : "data.holds-a-demo",
                        path);
            }
        } catch (IOException e) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "data.cannot-make", path, reason(e));
        }
    }

    /** Whether there is nothing in it but what a first start that was cut short left behind. */
    private static boolean isEmpty(Path path) throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.allMatch(entry -> {
                String name = String.valueOf(entry.getFileName());
                return name.startsWith(MARK) && name.endsWith(".tmp");
            });
        }
    }

    private static void write(Path file, String text) throws IOException {
        Path folder = Objects.requireNonNull(file.getParent());
        Path filling = Files.createTempFile(folder, file.getFileName() + ".", ".tmp", OUR_FILE);
        try (FileChannel channel = FileChannel.open(filling, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(filling, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true); // the name is durable too
        }
    }

    private static FileChannel lock(Path path) {
        Path file = path.resolve("run/lock");
        try {
            Files.createDirectories(path.resolve("run"), OUR_FOLDER);
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    OUR_FILE);
            if (!locked(channel)) {
                channel.close();
                throw new Refusal(
                        ExitStatus.TRY_AGAIN,
                        "data.taken",
                        path,
                        lastHolder(path).map(String::valueOf).orElse("?"));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (FileAlreadyExistsException e) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "data.foreign", path);
        } catch (IOException e) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "data.cannot-make", path, reason(e));
        }
    }

    /** Whether it could be locked, by now or as soon as whoever only looks whether it is taken has looked. */
    private static boolean locked(FileChannel channel) throws IOException {
        for (int tries = 1; tryLock(channel) == null; tries++) {
            if (tries == LOCK_TRIES) {
                return false;
            }
            LockSupport.parkNanos(LOOK_OVER_WITHIN.toNanos() / LOCK_TRIES);
        }
        return true;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    /** The user this process runs as. */
    static UserPrincipal ourselves() {
        return owner(Path.of("/proc/self"));
    }

    private static UserPrincipal owner(Path path) {
        try {
            return Files.getOwner(path);
        } catch (IOException e) {
            throw new Refusal(ExitStatus.INPUT_OUTPUT, "data.cannot-make", path, reason(e));
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName();
    }
}
