package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A disk of its own, in memory (tmpfs), which can be filled. Root alone can make one. */
final class SmallDisk implements AutoCloseable {
    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * A disk of some megabytes, mounted on a new folder.
     *
     * @return empty where that is not allowed
     */
    static Optional<SmallDisk> mounted(int megabytes) throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.empty();
        }
        Path folder = Files.createTempDirectory("messagerie-disk-"); // which PostgreSQL's user may enter
        boolean mounted = run(
                "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m,mode=711", "messagerie-test", folder.toString());
        if (!mounted) {
            Files.delete(folder);
            return Optional.empty();
        }
        return Optional.of(new SmallDisk(folder));
    }

    Path folder() {
        return folder;
    }

    /** Takes all the space that is left. */
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(ballast())) {
            for (int block = 1 << 20; block >= 1; block /= 2) {
                write(out, block);
            }
        }
    }

    private static void write(OutputStream out, int block) {
        try {
            while (true) {
                out.write(new byte[block]);
            }
        } catch (IOException _) {
            // so much does not fit any more
        }
    }

    /** Gives the space back. */
    void free() throws IOException {
        Files.deleteIfExists(ballast());
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    @Override
    public void close() throws IOException {
        try {
            run("umount", "--lazy", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(folder);
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(command)).inheritIO().start().waitFor() == 0;
    }
}
