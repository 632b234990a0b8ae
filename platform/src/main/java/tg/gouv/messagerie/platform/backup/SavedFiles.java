package tg.gouv.messagerie.platform.backup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tg.gouv.messagerie.platform.backup.Manifest.Place;

/**
 * What a backup takes beside the database and the objects: everything small in the data directory, the settings file, and the files
 * that the settings name.
 *
 * @param data the data directory
 * @param settings the settings file, in the data directory or not
 * @param named files that the settings name, such as keys and passwords
 * @param passing names of files of the data directory that are only there while the program runs
 */
public record SavedFiles(Path data, Path settings, List<Path> named, Set<String> passing) {
    /** The database is copied by its rows, objects by their names; the log is no state; the rest is of this process. */
    private static final Set<String> NOT_TAKEN = Set.of("postgresql", "blobs", "log", "run");

    public SavedFiles {
        data = data.toAbsolutePath().normalize();
        settings = settings.toAbsolutePath().normalize();
        named = List.copyOf(named);
        passing = Set.copyOf(passing);
    }

    /**
     * A file to take.
     *
     * @param path below the data directory, or where it is
     */
    record Found(Place place, String path, Path file) {}

    /** Every file there is now. */
    List<Found> find() throws IOException {
        List<Found> found = new ArrayList<>();
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean taken = !folder.startsWith(data)
                        || folder.equals(data)
                        || !NOT_TAKEN.contains(data.relativize(folder).toString());
                return taken ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = data.relativize(file).toString();
                if (attributes.isRegularFile() && !path.endsWith(".tmp") && !passing.contains(path)) {
                    found.add(new Found(Place.DATA, path, file));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // the program runs, and was about to rename or remove it
                }
                throw failure;
            }
        });
        if (!settings.startsWith(data)) {
            found.add(new Found(Place.SETTINGS, settings.toString(), settings));
        }
        Set<Path> elsewhere = new LinkedHashSet<>();
        named.stream().map(it -> it.toAbsolutePath().normalize()).forEach(elsewhere::add);
        for (Path file : elsewhere) {
            if (!file.startsWith(data) && Files.isRegularFile(file)) {
                found.add(new Found(Place.ELSEWHERE, file.toString(), file));
            }
        }
        return found;
    }
}
