package tg.gouv.messagerie.deploy.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A new file for what its owner alone may read; what is there already is never written over. */
final class SecretFile {
    private SecretFile() {}

    /**
     * Makes it. What was flushed is on the disk.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is something
     */
    static OutputStream create(Path file) throws IOException {
        return new BufferedOutputStream(
                Channels.newOutputStream(Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))),
                64 * 1024);
    }
}
