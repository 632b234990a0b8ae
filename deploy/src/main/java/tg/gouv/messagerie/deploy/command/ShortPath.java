package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A socket's path short enough for the kernel: the path itself, or one through a link that lives until this is closed. */
final class ShortPath implements AutoCloseable {
    /** unix(7): sun_path holds 108 bytes, the last one NUL. */
    private static final int BYTES_MAX = 107;

    private final Path path;
    private final @Nullable Path linkFolder;

    private ShortPath(Path path, @Nullable Path linkFolder) {
        this.path = path;
        this.linkFolder = linkFolder;
    }

    /** A way to the socket; the link, if one is needed, is in a folder that only we can enter. */
    static ShortPath to(Path socket) throws IOException {
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX) {
            return new ShortPath(socket, null);
        }
        Path folder = Files.createTempDirectory("messagerie");
        Path link = Files.createSymbolicLink(folder.resolve("run"), Objects.requireNonNull(socket.getParent()));
        return new ShortPath(link.resolve(Objects.requireNonNull(socket.getFileName())), folder);
    }

    UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path);
    }

    @Override
    public void close() throws IOException {
        if (linkFolder != null) {
            Files.deleteIfExists(linkFolder.resolve("run"));
            Files.deleteIfExists(linkFolder);
        }
    }
}
