package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of PostgreSQL on our cluster: a child of this program, or of one that was killed. */
final class ServerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration WATCH = Duration.ofMillis(500);
    private static final Duration IMMEDIATE = Duration.ofSeconds(2);

    private final Path home;
    private final Path cluster;
    private final Postmaster postmaster;
    private final @Nullable Process child;

    private ServerProcess(ServerInstallation place, Postmaster postmaster, @Nullable Process child) {
        this.home = place.home().folder();
        this.cluster = place.cluster();
        this.postmaster = postmaster;
        this.child = child;
    }

    /** The server that runs on our cluster now, whoever started it. */
    static Optional<ServerProcess> found(ServerInstallation place) throws IOException {
        Path cluster = place.cluster();
        return Postmaster.of(cluster).filter(it -> it.serves(cluster)).map(it -> new ServerProcess(place, it, null));
    }

    /**
     * Starts a server on a cluster that no server runs on; when this returns it takes connections.
     *
     * @param deadline of {@link System#nanoTime}
     * @throws NotYet if what a killed server left behind, or another program's port, is in the way
     */
    static ServerProcess start(ServerInstallation place, EmbeddedSettings settings, int port, long deadline)
            throws IOException, InterruptedException {
        Files.deleteIfExists(place.cluster().resolve(Postmaster.FILE)); // of a dead server: nobody else starts one here
        Path output = place.home().folder().resolve("start.log");
        // A session of its own: Ctrl-C in a terminal reaches the program, which stops the server in its turn.
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(place.user().command(ServerOptions.command(place, settings, port)));
        Process child = ServerCommand.process(command, place.cluster(), output).start();
        ServerProcess started = new ServerProcess(place, new Postmaster(child.pid(), port, false), child);
        try {
            while (child.isAlive()) {
                if (started.isReady()) {
                    return started;
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("it was not ready after "
                            + settings.startTimeout().toSeconds() + " s (database.embedded.start-timeout); see "
                            + place.cluster().resolve("log"));
                }
                Thread.sleep(POLL);
            }
        } catch (IOException | InterruptedException e) {
            started.stop(settings.stopTimeout());
            throw e;
        }
        String words = ServerCommand.lastWords(output) + started.lastLogLines();
        throw NotYet.says(words) ? new NotYet(words) : new IOException(words);
    }

    long pid() {
        return postmaster.pid();
    }

    int port() {
        return postmaster.port();
    }

    /** Whether this run is the one we would have started, and takes connections. */
    boolean isOurs(ServerInstallation place, EmbeddedSettings settings) {
        return postmaster.ready()
                && postmaster.runs(place.binaries().program("postgres"))
                && (settings.port() == 0 || settings.port() == port());
    }

    /** Returns when the process is dead. */
    void awaitEnd() throws InterruptedException {
        if (child != null) {
            child.waitFor();
            return;
        }
        while (isAlive()) {
            Thread.sleep(WATCH);
        }
    }

    /**
     * Stops the server: in good order, or at once when that takes longer than allowed (the next start then repairs), or at
     * last by force. An interrupt hurries it, and is kept for the caller.
     */
    void stop(Duration most) throws IOException {
        boolean interrupted = Thread.interrupted();
        interrupted |= end("INT", most); // PostgreSQL: fast shutdown
        if (isAlive()) {
            LOG.warn("event=postgresql-stop-hurried pid={} after={}s", pid(), most.toSeconds());
            interrupted |= end("QUIT", IMMEDIATE); // PostgreSQL: immediate shutdown
            interrupted |= end("KILL", IMMEDIATE);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isReady() throws IOException {
        return Postmaster.of(cluster)
                .filter(it -> it.pid() == pid() && it.ready())
                .isPresent();
    }

    private boolean isAlive() {
        return child == null ? postmaster.serves(cluster) : child.isAlive();
    }

    /** Sends a signal and waits for the end; returns whether an interrupt cut the waiting short. */
    private boolean end(String signal, Duration most) throws IOException {
        if (isAlive()) {
            ServerCommand.run(List.of("sh", "-c", "kill -s " + signal + " " + pid()), home, IMMEDIATE);
        }
        long deadline = System.nanoTime() + most.toNanos();
        while (isAlive() && System.nanoTime() < deadline) {
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                return true;
            }
        }
        return false;
    }

    /** What this run, and no run before, wrote into the log; start.log ends where the log begins. */
    private String lastLogLines() throws IOException {
        Path log = cluster.resolve("log");
        if (!Files.isDirectory(log)) {
            return "";
        }
        try (Stream<Path> files = Files.list(log)) {
            Optional<Path> newest =
                    files.max(Comparator.comparingLong(file -> file.toFile().lastModified()));
            return newest.isEmpty() ? "" : " / " + ServerCommand.lastWords(newest.get(), "[" + pid() + "]");
        }
    }

    /** Something is in the way that goes by itself. */
    static final class NotYet extends IOException {
        private static final long serialVersionUID = 1;

        NotYet(String words) {
            super(words);
        }

        /** Whether PostgreSQL's last words tell of shared memory, a lock file or a port that is still held. */
        static boolean says(String words) {
            return words.contains("is still in use")
                    || words.contains("lock file")
                    || words.contains("Address already in use");
        }
    }
}
