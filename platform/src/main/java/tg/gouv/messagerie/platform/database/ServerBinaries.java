package tg.gouv.messagerie.platform.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once per version.
 *
 * @param folder holds {@code bin}, {@code lib} and {@code share}
 */
record ServerBinaries(Path folder) {
    /** What the archive of the class path holds; a test compares. */
    static final String VERSION = "18.6";

    /** The first number of the version: a cluster belongs to it. */
    static final String MAJOR = VERSION.substring(0, VERSION.indexOf('.'));

    private static final long ENTRY_BYTES_MAX = 256L << 20;

    /**
     * Unpacks the archive into a folder named by its version, unless that was done before. A folder with that name is always
     * whole: it is filled under another name, made durable, then renamed.
     */
    static ServerBinaries unpacked(Path home) throws IOException {
        Path folder = home.resolve(VERSION);
        if (!Files.isDirectory(folder)) {
            Path filling = Folders.temporary(home, "unpacking");
            try (TarArchiveInputStream archive =
                    new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive())))) {
                for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                    unpack(archive, entry, filling);
                }
            }
            Folders.readableByAll(filling);
            Folders.renameDurably(filling, folder);
        }
        return new ServerBinaries(folder);
    }

    /** One of the programs. */
    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    private static InputStream archive() {
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String name = "/postgres-linux-" + (machine.equals("aarch64") ? "arm_64" : "x86_64") + ".txz";
        InputStream archive = ServerBinaries.class.getResourceAsStream(name);
        if (archive == null) {
            throw new DatabaseRefused("This build carries no PostgreSQL for " + machine
                    + ": name one (version 15 or later) in database.url.");
        }
        return archive;
    }

    private static void unpack(TarArchiveInputStream archive, TarArchiveEntry entry, Path folder) throws IOException {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder) || entry.getSize() > ENTRY_BYTES_MAX) {
            throw new IOException("the archive of PostgreSQL holds an entry it should not: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
            Files.createDirectories(target.getParent());
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(target.getParent());
            try (FileChannel file = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                OutputStream bytes = Channels.newOutputStream(file);
                archive.transferTo(bytes);
                file.force(true);
            }
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
