package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * The program's private PostgreSQL: made, started or adopted, watched, and stopped when closed.
 *
 * <p>It outlives a crash of ours, and the next start adopts it. When it dies itself, it is started again on the same port.
 */
final class EmbeddedServer implements AutoCloseable {
    static final String SUPERUSER = "postgres";
    static final String OWNER = "messagerie";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);

    /** Below the ports the kernel gives to outgoing connections, so that none takes ours while the server restarts. */
    private static final int PORT_FIRST = 20_000;

    private static final int PORT_LAST = 32_700;
    private static final Duration POLL = Duration.ofMillis(25);
    private static final Duration WATCH = Duration.ofMillis(500);
    private static final Duration BACK_OFF_FIRST = Duration.ofMillis(100);
    private static final Duration BACK_OFF_MOST = Duration.ofSeconds(5);

    private final EmbeddedSettings settings;
    private final ServerUser user;
    private final ServerHome home;
    private final ServerBinaries binaries;
    private final List<LongConsumer> restarts = new CopyOnWriteArrayList<>();

    private int port;
    private volatile long processId;

    /** The server as our child; absent when it was adopted. */
    private @Nullable Process child;

    private volatile boolean closing;
    private @Nullable Thread watch;

    private EmbeddedServer(EmbeddedSettings settings, ServerUser user, ServerHome home, ServerBinaries binaries) {
        this.settings = settings;
        this.user = user;
        this.home = home;
        this.binaries = binaries;
    }

    /**
     * Starts or adopts the server of a data directory; when this returns it answers.
     *
     * @throws DatabaseRefused if the directory, its cluster or the port cannot be used
     */
    static EmbeddedServer start(EmbeddedSettings settings, Path dataDirectory) {
        ServerUser user = ServerUser.choose(settings.runAs());
        try {
            ServerHome home = ServerHome.take(dataDirectory, user);
            try {
                ServerBinaries binaries = ServerBinaries.unpacked(home.folder());
                ServerCluster.make(home, binaries, user);
                EmbeddedServer server = new EmbeddedServer(settings, user, home, binaries);
                server.adoptOrStart();
                server.watch = Thread.ofVirtual().name("postgresql-watch").start(server::watch);
                return server;
            } catch (IOException | RuntimeException e) {
                home.close();
                throw e;
            }
        } catch (IOException e) {
            throw new DatabaseRefused(
                    "The private PostgreSQL of " + dataDirectory + " cannot start: " + e.getMessage(), e);
        }
    }

    /** A database of this server, as its owner. */
    ServerAddress address(String database) throws IOException {
        return ServerAddress.embedded(port, database, OWNER, home.secret(OWNER));
    }

    /** A database of this server, as the one who may do everything. */
    ServerAddress superuser(String database) throws IOException {
        return ServerAddress.embedded(port, database, SUPERUSER, home.secret(SUPERUSER));
    }

    long processId() {
        return processId;
    }

    void onRestart(LongConsumer callback) {
        restarts.add(callback);
    }

    /** Stops the server: in good order, or at once when that takes too long. */
    @Override
    public void close() {
        closing = true;
        if (watch != null) {
            watch.interrupt();
        }
        synchronized (this) {
            try {
                stop();
            } catch (IOException e) {
                LOG.error("event=postgresql-stop-failed pid={} reason=\"{}\"", processId, e.getMessage());
            } finally {
                home.close();
            }
        }
    }

    private void adoptOrStart() throws IOException {
        Optional<Postmaster> found = Postmaster.of(home.cluster());
        if (found.isPresent() && found.get().serves(home.cluster())) {
            if (adopted(found.get())) {
                return;
            }
            LOG.warn("event=postgresql-replaced pid={}", found.get().pid());
            processId = found.get().pid();
            stop();
        }
        Files.deleteIfExists(home.cluster().resolve(Postmaster.FILE));
        port = settings.port() == 0 ? freePort() : settings.port();
        demandFree(port);
        startWithin(settings.startTimeout());
        LOG.info("event=postgresql-started pid={} port={}", processId, port);
    }

    /** Whether a server that a crash of ours left behind is the one we would start, and answers. */
    private boolean adopted(Postmaster found) throws IOException {
        if (!found.runs(binaries.program("postgres"))
                || !found.ready()
                || (settings.port() != 0 && settings.port() != found.port())) {
            return false;
        }
        port = found.port();
        processId = found.pid();
        try {
            prepare();
        } catch (SQLException e) {
            if (SqlState.of(e).isPasswordRefused()) {
                throw passwordRefused(e);
            }
            LOG.warn("event=postgresql-silent pid={} reason=\"{}\"", processId, e.getMessage());
            return false;
        }
        LOG.info("event=postgresql-adopted pid={} port={}", processId, port);
        return true;
    }

    private DatabaseRefused passwordRefused(SQLException e) {
        return new DatabaseRefused(
                "The private PostgreSQL refuses the password in " + home.secretFile(SUPERUSER)
                        + ": put the file back from the backup.",
                e);
    }

    /** Starts, again and again until it succeeds: what a killed server leaves behind needs a moment to go. */
    private void startWithin(Duration most) throws IOException {
        long deadline = System.nanoTime() + most.toNanos();
        Duration backOff = BACK_OFF_FIRST;
        while (true) {
            try {
                launch(deadline);
                prepare();
                return;
            } catch (SQLException e) {
                if (SqlState.of(e).isPasswordRefused()) {
                    throw passwordRefused(e);
                }
                throw new IOException(e.getMessage(), e);
            } catch (Survivors e) {
                if (System.nanoTime() + backOff.toNanos() > deadline) {
                    throw e;
                }
                LOG.info("event=postgresql-waits reason=\"{}\"", e.getMessage());
                pause(backOff);
                backOff = min(backOff.multipliedBy(2), Duration.ofSeconds(1));
            }
        }
    }

    private void launch(long deadline) throws IOException {
        Path output = home.folder().resolve("start.log");
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(user.command(serverCommand()));
        Process started = ServerCommand.process(command, home.cluster(), output).start();
        child = started;
        processId = started.pid();
        while (started.isAlive()) {
            if (Postmaster.of(home.cluster())
                    .filter(it -> it.ready() && it.pid() == started.pid())
                    .isPresent()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                stop();
                throw new IOException("it was not ready after "
                        + settings.startTimeout().toSeconds() + " s (database.embedded.start-timeout); see "
                        + home.cluster().resolve("log"));
            }
            pause(POLL);
        }
        String words = ServerCommand.lastWords(output);
        if (words.contains("still in use") || words.contains("already exists")) {
            throw new Survivors(words);
        }
        throw new IOException(words + lastLogLine());
    }

    /** Options win over every file of the cluster: nobody turns durability off by an edit. */
    private List<String> serverCommand() {
        List<String> command = new ArrayList<>(List.of(
                binaries.program("postgres").toString(), "-D", home.cluster().toString(), "-p", "" + port));
        for (String option : List.of(
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "wal_compression=pglz",
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=" + settings.connectionsMax(),
                "shared_buffers=" + settings.sharedBuffers().bytes() / 1024 + "kB",
                "huge_pages=off",
                "io_method=sync",
                "jit=off",
                "password_encryption=scram-sha-256",
                "timezone=UTC",
                "cluster_name=messagerie",
                // A log without the contents of rows: statements that failed are reported by the program itself.
                "logging_collector=on",
                "log_directory=log",
                "log_filename=postgresql-%a.log",
                "log_rotation_age=1d",
                "log_rotation_size=0",
                "log_truncate_on_rotation=on",
                "log_file_mode=0600",
                "log_timezone=UTC",
                "log_min_messages=log",
                "log_min_error_statement=panic",
                "log_error_verbosity=terse")) {
            command.add("-c");
            command.add(option);
        }
        return command;
    }

    /** Makes the owner and the database when they are missing, and gives the owner the password we hold. */
    private void prepare() throws IOException, SQLException {
        try (Connection connection = superuser("postgres")
                        .dataSource("messagerie:start", Duration.ofSeconds(60), "")
                        .getConnection();
                Statement statement = connection.createStatement()) {
            Secret secret = home.secret(OWNER);
            String verb = has(connection, "select 1 from pg_roles where rolname = ?", OWNER) ? "alter" : "create";
            // No secret of an administrator: 64 hexadecimal digits of ours, which no log line repeats.
            statement.execute(verb + " role " + OWNER + " login password '" + secret.reveal() + "'");
            if (!has(connection, "select 1 from pg_database where datname = ?", OWNER)) {
                statement.execute("create database " + OWNER + " owner " + OWNER);
            }
        }
    }

    private static boolean has(Connection connection, String sql, String name) throws SQLException {
        return Sql.first(connection, row -> true, sql, name).isPresent();
    }

    private void watch() {
        while (!closing) {
            try {
                awaitEnd();
                if (!closing) {
                    LOG.error("event=postgresql-died pid={}", processId);
                    restart();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void awaitEnd() throws InterruptedException {
        Process process = child;
        if (process != null) {
            process.waitFor();
            return;
        }
        while (new Postmaster(processId, port, true).serves(home.cluster())) {
            Thread.sleep(WATCH);
        }
    }

    private void restart() throws InterruptedException {
        for (Duration backOff = BACK_OFF_FIRST; !closing; backOff = min(backOff.multipliedBy(2), BACK_OFF_MOST)) {
            try {
                synchronized (this) {
                    if (closing) {
                        return;
                    }
                    Files.deleteIfExists(home.cluster().resolve(Postmaster.FILE));
                    startWithin(settings.startTimeout());
                }
                LOG.warn("event=postgresql-restarted pid={} port={}", processId, port);
                restarts.forEach(callback -> callback.accept(processId));
                return;
            } catch (IOException | DatabaseRefused e) {
                LOG.error("event=postgresql-restart-failed reason=\"{}\"", e.getMessage());
                Thread.sleep(backOff);
            }
        }
    }

    private void stop() throws IOException {
        Postmaster server = new Postmaster(processId, port, true);
        if (!server.serves(home.cluster())) {
            return;
        }
        long seconds = settings.stopTimeout().toSeconds();
        try {
            pgCtlStop("fast", seconds);
        } catch (IOException e) {
            LOG.warn("event=postgresql-stop-hurried pid={} reason=\"{}\"", processId, e.getMessage());
            pgCtlStop("immediate", 3);
        }
        LOG.info("event=postgresql-stopped pid={}", processId);
    }

    private void pgCtlStop(String mode, long seconds) throws IOException {
        ServerCommand.run(
                user.command(List.of(
                        binaries.program("pg_ctl").toString(),
                        "stop",
                        "--pgdata=" + home.cluster(),
                        "--mode=" + mode,
                        "--timeout=" + seconds,
                        "--wait",
                        "--silent")),
                home.folder(),
                Duration.ofSeconds(seconds + 2));
    }

    private void demandFree(int wanted) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), wanted));
        } catch (java.net.BindException e) {
            throw new DatabaseRefused(
                    "Port " + wanted + " of 127.0.0.1 is already in use: stop what listens there, or"
                            + " change database.embedded.port (0 chooses a free one).",
                    e);
        }
    }

    private static int freePort() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(PORT_FIRST, PORT_LAST);
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
                return port;
            } catch (java.net.BindException e) {
                // taken: the next one
            }
        }
        throw new IOException("no port between " + PORT_FIRST + " and " + PORT_LAST + " is free");
    }

    private String lastLogLine() throws IOException {
        Path log = home.cluster().resolve("log");
        if (!Files.isDirectory(log)) {
            return "";
        }
        try (Stream<Path> files = Files.list(log)) {
            Optional<Path> newest =
                    files.max(Comparator.comparingLong(file -> file.toFile().lastModified()));
            return newest.isEmpty() ? "" : " / " + ServerCommand.lastWords(newest.get());
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void pause(Duration duration) throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL starts", e);
        }
    }

    /** Processes of a killed server still hold what the new one needs. */
    private static final class Survivors extends IOException {
        private static final long serialVersionUID = 1;

        Survivors(String words) {
            super(words);
        }
    }
}
