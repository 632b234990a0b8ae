package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import tg.gouv.messagerie.platform.database.Uuid7;

/** Which node this is: a file of the data directory, made once, so that a node knows after a restart what it was doing. */
final class NodeName {
    private static final String FILE = "node";

    private NodeName() {}

    /** The node whose folder this is. */
    static UUID of(Path folder, Uuid7 ids) {
        Path file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                Path fresh = Files.writeString(folder.resolve(FILE + ".new"), ids.next() + "\n");
                try (FileChannel written = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    written.force(true); // before it has its name: a crash leaves no empty one
                }
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return UUID.fromString(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read or written", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(file + " does not hold the name of a node; restore it or remove it", e);
        }
    }
}
