package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One thread, the watch, replaces the process after start() returned; close() first ends the watch, then stops the process
 * it left. The port never changes, so pools find the new process by themselves.
 */
/**
 * The program's private PostgreSQL: started or adopted, watched, and stopped when closed.
 *
 * <p>It outlives a crash of ours, and the next start adopts it. When it dies itself, it is started again.
 */
final class EmbeddedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);

    /** A server that lived that long did not die of what killed the one before. */
    private static final Duration CALM = Duration.ofMinutes(1);

    private static final Duration PAUSE_FIRST = Duration.ofMillis(100);
    private static final Duration PAUSE_MOST = Duration.ofSeconds(5);

    private final EmbeddedSettings settings;
    private final ServerInstallation place;
    private final List<LongConsumer> restarts = new CopyOnWriteArrayList<>();
    private final Thread watch;
    private volatile ServerProcess process;

    private EmbeddedServer(EmbeddedSettings settings, ServerInstallation place, ServerProcess process) {
        this.settings = settings;
        this.place = place;
        this.process = process;
        this.watch = Thread.ofVirtual().name("postgresql-watch").unstarted(this::watch);
    }

    /**
     * Starts or adopts the server of a data directory; when this returns it answers.
     *
     * @throws DatabaseRefused if the directory, its cluster or the port cannot be used
     */
    static EmbeddedServer start(EmbeddedSettings settings, Path dataDirectory) {
        try {
            ServerInstallation place = ServerInstallation.in(dataDirectory, settings);
            try {
                EmbeddedServer server = new EmbeddedServer(settings, place, adoptedOrStarted(settings, place));
                server.watch.start();
                return server;
            } catch (IOException | InterruptedException | RuntimeException e) {
                place.close();
                throw e;
            }
        } catch (IOException e) {
            throw new DatabaseRefused(
                    "The private PostgreSQL in " + dataDirectory + " cannot start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseRefused(
                    "The start of the private PostgreSQL in " + dataDirectory + " was interrupted.", e);
        }
    }

    /** A database of this server, as the one who owns it. */
    ServerAddress address(String database) throws IOException {
        return ServerAddress.embedded(
                process.port(), database, ServerOwner.NAME, place.home().secret(ServerOwner.NAME));
    }

    /** The server's own database, as the one who may do everything. */
    ServerAddress superuser() throws IOException {
        return ServerOwner.superuser(place.home(), process.port());
    }

    int port() {
        return process.port();
    }

    long processId() {
        return process.pid();
    }

    void onRestart(LongConsumer callback) {
        restarts.add(callback);
    }

    @Override
    public void close() {
        watch.interrupt();
        boolean interrupted = false;
        try {
            watch.join(settings.stopTimeout());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        try (place) {
            process.stop(settings.stopTimeout());
            LOG.info("event=postgresql-stopped pid={}", processId());
        } catch (IOException e) {
            LOG.error("event=postgresql-stop-failed pid={} reason=\"{}\"", processId(), e.getMessage());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static ServerProcess adoptedOrStarted(EmbeddedSettings settings, ServerInstallation place)
            throws IOException, InterruptedException {
        Optional<ServerProcess> found = ServerProcess.found(place);
        if (found.isPresent()) {
            if (found.get().isOurs(place, settings) && answers(place, found.get())) {
                LOG.info(
                        "event=postgresql-adopted pid={} port={}",
                        found.get().pid(),
                        found.get().port());
                return found.get();
            }
            LOG.warn("event=postgresql-replaced pid={}", found.get().pid());
            found.get().stop(settings.stopTimeout());
        }
        ServerProcess started = started(settings, place, () -> ServerPort.choose(settings));
        try {
            ServerOwner.make(place.home(), started.port());
        } catch (SQLException e) {
            started.stop(settings.stopTimeout());
            throw new IOException(e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            started.stop(settings.stopTimeout());
            throw e;
        }
        LOG.info("event=postgresql-started pid={} port={}", started.pid(), started.port());
        return started;
    }

    private static boolean answers(ServerInstallation place, ServerProcess process) throws IOException {
        try {
            ServerOwner.make(place.home(), process.port());
            return true;
        } catch (SQLException e) {
            LOG.warn("event=postgresql-silent pid={} reason=\"{}\"", process.pid(), e.getMessage());
            return false;
        }
    }

    /** Starts, again and again until it succeeds: what a killed server leaves behind needs a moment to go. */
    private static ServerProcess started(EmbeddedSettings settings, ServerInstallation place, Port port)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + settings.startTimeout().toNanos();
        for (Duration pause = PAUSE_FIRST; ; pause = longer(pause)) {
            try {
                return ServerProcess.start(place, settings, port.choose(), deadline);
            } catch (ServerProcess.NotYet e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LOG.info("event=postgresql-waits reason=\"{}\"", e.getMessage());
                Thread.sleep(pause);
            }
        }
    }

    private void watch() {
        Duration pause = Duration.ZERO;
        try {
            while (true) {
                long since = System.nanoTime();
                process.awaitEnd();
                LOG.error("event=postgresql-died pid={}", processId());
                pause = System.nanoTime() - since > CALM.toNanos() ? Duration.ZERO : longer(pause);
                Thread.sleep(pause);
                restart();
            }
        } catch (InterruptedException e) {
            LOG.debug("event=postgresql-watch-ended");
        }
    }

    /** Starts a new process in place of the dead one; when that fails, the watch finds the dead one dead again. */
    private void restart() throws InterruptedException {
        int port = process.port();
        try {
            process = started(settings, place, () -> port);
        } catch (IOException e) {
            LOG.error("event=postgresql-restart-failed reason=\"{}\"", e.getMessage());
            return;
        }
        LOG.warn("event=postgresql-restarted pid={} port={}", processId(), port);
        for (LongConsumer callback : restarts) {
            try {
                callback.accept(processId());
            } catch (RuntimeException e) {
                LOG.error("event=postgresql-restart-callback-failed", e);
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.isZero() ? PAUSE_FIRST : pause.multipliedBy(2);
        return doubled.compareTo(PAUSE_MOST) < 0 ? doubled : PAUSE_MOST;
    }

    /** Where the next try listens. */
    @FunctionalInterface
    private interface Port {
        int choose() throws IOException;
    }
}
