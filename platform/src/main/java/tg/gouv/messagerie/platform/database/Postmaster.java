package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL server as its cluster tells of it in {@code postmaster.pid}; the process may be long dead, or be another one
 * that got its number.
 *
 * @param port 0 while the server has not said
 * @param ready whether it said that it takes connections
 */
record Postmaster(long pid, int port, boolean ready) {
    static final String FILE = "postmaster.pid";

    /** What the cluster tells, if anything. */
    static Optional<Postmaster> of(Path cluster) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(cluster.resolve(FILE));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        // PostgreSQL's pidfile.h: 1 process, 2 folder, 3 start, 4 port, 5 socket, 6 address, 7 shared memory, 8 state
        if (lines.isEmpty() || !lines.getFirst().matches("\\d{1,10}")) {
            return Optional.empty();
        }
        int port = lines.size() >= 4 && lines.get(3).matches("\\d{1,5}") ? Integer.parseInt(lines.get(3)) : 0;
        boolean ready = lines.size() >= 8 && lines.get(7).strip().equals("ready");
        return Optional.of(new Postmaster(Long.parseLong(lines.getFirst()), port, ready));
    }

    /** Whether the process lives and is a PostgreSQL server on this cluster. */
    boolean serves(Path cluster) {
        List<String> command = command();
        return !command.isEmpty() && command.getFirst().endsWith("/postgres") && command.contains(cluster.toString());
    }

    /** Whether the process lives and runs this program. */
    boolean runs(Path program) {
        List<String> command = command();
        return !command.isEmpty() && command.getFirst().equals(program.toString());
    }

    /** The process's command line: readable for every user, and empty once the process is dead, reaped or not. */
    private List<String> command() {
        try {
            byte[] words = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return words.length == 0
                    ? List.of()
                    : Arrays.asList(new String(words, StandardCharsets.UTF_8).split("\0", -1));
        } catch (IOException e) {
            return List.of();
        }
    }
}
