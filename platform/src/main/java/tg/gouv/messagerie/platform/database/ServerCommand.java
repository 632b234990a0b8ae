package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Processes of PostgreSQL's programs, in an environment of ours. */
final class ServerCommand {
    private static final int READ_MAX = 16 * 1024;
    private static final int SHOWN_MAX = 600;

    private ServerCommand() {}

    /**
     * Runs a command to its end.
     *
     * @throws IOException with the command's last words if it fails or takes too long
     */
    static void run(List<String> command, Path folder, Duration most) throws IOException {
        Path output = Files.createTempFile(folder, "output.tmp", "");
        try {
            Process process = process(command, folder, output).start();
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not end within " + most.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + lastWords(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command.getFirst() + " was interrupted", e);
        } finally {
            Files.delete(output);
        }
    }

    /** A process that lives in the folder and writes to the file; nothing of our environment reaches it but the path. */
    static ProcessBuilder process(List<String> command, Path folder, Path output) {
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        String path = process.environment().getOrDefault("PATH", "/usr/bin:/bin");
        process.environment().clear();
        process.environment().putAll(Map.of("PATH", path, "LC_ALL", "C", "TZ", "UTC"));
        return process;
    }

    /** The end of what a command wrote, on one line. */
    static String lastWords(Path output) throws IOException {
        return lastWords(output, "");
    }

    /** The end of a file's lines that contain a mark, on one line. */
    static String lastWords(Path file, String mark) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate(READ_MAX);
            channel.read(end, Math.max(0, channel.size() - READ_MAX));
            String words = StandardCharsets.UTF_8
                    .decode(end.flip())
                    .toString()
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && line.contains(mark))
                    .collect(Collectors.joining(" / "));
            return words.length() <= SHOWN_MAX ? words : "… " + words.substring(words.length() - SHOWN_MAX);
        }
    }
}
