package crash;

import static client.Demo.demand;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** A small disk of its own, in memory (tmpfs), which can be filled. Root alone can make one. */
final class Disk implements AutoCloseable {
    private static final String SIZE = "3g";
    private static final int PAGE = 1 << 12;
    private final Path folder;

    private Disk(Path folder) {
        this.folder = folder;
    }

    /** Makes a disk and mounts it on a new folder below deploy/target. */
    static Disk mounted() throws Exception {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("deploy/target")), "disk");
        demand(
                run(List.of("mount", "-t", "tmpfs", "-o", "size=" + SIZE + ",mode=711", "crash", folder.toString())) == 0,
                "cannot mount a tmpfs on " + folder + ": run as root");
        return new Disk(folder);
    }

    Path folder() {
        return folder;
    }

    /** Takes all the space that is left: when this returns not one page fits. */
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(ballast())) {
            take(out, 1 << 20);
            take(out, PAGE);
        }
    }

    /** Takes whatever others give back meanwhile. */
    void keepFull(Duration during) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + during.toNanos();
        try (OutputStream out = Files.newOutputStream(ballast(), StandardOpenOption.APPEND)) {
            while (System.nanoTime() < deadline) {
                take(out, PAGE);
                Thread.sleep(10);
            }
        }
    }

    private static void take(OutputStream out, int block) {
        try {
            while (true) {
                out.write(new byte[block]);
            }
        } catch (IOException e) {
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
    public void close() throws Exception {
        run(List.of("umount", "--lazy", folder.toString()));
        Files.deleteIfExists(folder);
    }

    private static int run(List<String> command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
