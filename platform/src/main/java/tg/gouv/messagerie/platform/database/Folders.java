package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Folders that are either whole or absent, whatever stops the machine. */
final class Folders {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final String TEMPORARY = ".tmp";

    private Folders() {}

    /** A new empty folder, for its owner alone, that {@link #sweep} recognises when it was left behind. */
    static Path temporary(Path parent, String purpose) throws IOException {
        return Files.createTempDirectory(parent, purpose + TEMPORARY, PosixFilePermissions.asFileAttribute(PRIVATE));
    }

    /** Removes the temporary folders and files of a start that was cut short. */
    static void sweep(Path parent) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, "*" + TEMPORARY + "*")) {
            for (Path path : left) {
                remove(path);
            }
        }
    }

    /** Gives a whole folder or file its final name, and makes the name durable. */
    static void renameDurably(Path filled, Path name) throws IOException {
        force(filled);
        Files.move(filled, name, StandardCopyOption.ATOMIC_MOVE);
        force(Objects.requireNonNull(name.getParent()));
    }

    /** Lets every user read and enter a folder and the folders below it. */
    static void readableByAll(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void force(Path path) throws IOException {
        try (FileChannel opened = FileChannel.open(path, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }

    /** Removes a file, or a folder with everything in it. */
    static void remove(Path path) throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
