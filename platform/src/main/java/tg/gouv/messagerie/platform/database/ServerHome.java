package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * The folder {@code postgresql} of the data directory: programs, passwords, the cluster. It is held by one program at a time.
 */
final class ServerHome implements AutoCloseable {
    private static final FileAttribute<Set<PosixFilePermission>> OUR_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final FileAttribute<Set<PosixFilePermission>> OUR_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final FileChannel lockFile;

    private ServerHome(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * Takes the folder, made if need be, for this program alone.
     *
     * @throws DatabaseRefused if the data directory is not ours, cannot be written, or another program holds it
     */
    static ServerHome take(Path dataDirectory, ServerUser user) throws IOException {
        Path folder = ours(ours(dataDirectory).resolve("postgresql"));
        enterable(dataDirectory.toRealPath(), user);
        enterable(folder.toRealPath(), user);
        ServerHome home = new ServerHome(folder.toRealPath(), lock(folder));
        try {
            Folders.sweep(home.folder);
            return home;
        } catch (IOException e) {
            home.close();
            throw e;
        }
    }

    Path folder() {
        return folder;
    }

    /** Where PostgreSQL keeps its data. */
    Path cluster() {
        return folder.resolve("cluster");
    }

    /** Whether this password was made before. */
    boolean hasSecret(String name) {
        return Files.exists(secretFile(name));
    }

    /** The password with this name, made and kept the first time it is asked for. */
    Secret secret(String name) throws IOException {
        Path file = secretFile(name);
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            Path filling = Files.createTempFile(folder, name + ".tmp", "", OUR_FILE);
            Files.writeString(filling, HexFormat.of().formatHex(random));
            Folders.renameDurably(filling, file);
        }
        return new Secret(Files.readString(file).strip());
    }

    Path secretFile(String name) {
        return folder.resolve(name + ".password");
    }

    /** Lets the next program have the folder. */
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new IllegalStateException("the lock on " + folder + " could not be released", e);
        }
    }

    private static Path ours(Path folder) throws IOException {
        try {
            Path above = folder.toAbsolutePath().getParent();
            if (above != null) {
                Files.createDirectories(above);
            }
            Files.createDirectories(folder, OUR_FOLDER);
        } catch (IOException e) {
            throw new DatabaseRefused(
                    "The data directory " + folder + " cannot be made (" + reason(e)
                            + "): make it, or name another one in the settings (data).",
                    e);
        }
        int owner = ServerUser.uid(folder);
        int us = ServerUser.effectiveUid();
        if (owner != us) {
            throw new DatabaseRefused("The data directory " + folder + " belongs to user "
                    + Files.getOwner(folder).getName() + ", and this program runs as "
                    + System.getProperty("user.name") + ": start it as that user, or name another directory in the"
                    + " settings (data).");
        }
        if (!Files.isWritable(folder)) {
            throw new DatabaseRefused("The data directory " + folder + " cannot be written by user "
                    + System.getProperty("user.name") + ": give it write permission, or name another one in the"
                    + " settings (data).");
        }
        return folder;
    }

    /** PostgreSQL's own user must be able to walk to the cluster: our folders let it pass, others are left alone. */
    private static void enterable(Path folder, ServerUser user) throws IOException {
        if (!(user instanceof ServerUser.Unprivileged(String name, int _, int _))) {
            return;
        }
        Optional<Path> obstacle = user.obstacle(folder);
        if (obstacle.isPresent()) {
            throw new DatabaseRefused("PostgreSQL runs as user " + name + ", who may not enter " + obstacle.get()
                    + ": name a data directory elsewhere, such as /var/lib/messagerie, or start the program as another"
                    + " user than root.");
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
        if (!permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(folder, permissions);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        Path file = folder.resolve("lock");
        FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), OUR_FILE);
        if (tryLock(channel) == null) {
            String holder = Files.readString(file).strip();
            channel.close();
            throw new DatabaseRefused("Another Messagerie (process " + holder + ") already uses " + folder
                    + ": stop it with « messagerie down », or name another data directory.");
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName();
    }
}
