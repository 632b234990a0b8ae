package tg.gouv.messagerie.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import tg.gouv.messagerie.deploy.command.Stages;
import tg.gouv.messagerie.deploy.demo.DemoPorts;
import tg.gouv.messagerie.deploy.demo.DemoSettings;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.settings.Settings;

/** The whole program, with the settings of the demonstration, on a database that the test sees. */
final class TestProgram implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final Database database;
    private final Connections look;
    private final Program program;

    /**
     * Starts the program.
     *
     * @param folder its data directory is made below it
     */
    TestProgram(Path folder) throws IOException {
        this(folder, "");
    }

    /**
     * Starts the program.
     *
     * @param more tables of its settings
     */
    TestProgram(Path folder, String more) throws IOException {
        database = TestDatabase.fresh();
        look = database.connections("look", "platform", 2);
        Path data = Files.createDirectories(folder.resolve("data"));
        Path password = Files.createFile(
                folder.resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, TestDatabase.password());
        String text = DemoSettings.text(data, DemoPorts.AUTO, "127.0.0.1", "localhost")
                        .replace("[routes]\n", "[routes]\nlook-every = \"100ms\"\ncertificate-warning = \"3000d\"\n")
                + "\n[database]\nurl = \"" + TestDatabase.url(database) + "\"\npassword = \""
                + password + "\"\n" + more;
        program = Program.start(
                Settings.parse("test", text, ProgramSettings.class, folder).value(), new Unseen());
    }

    Program program() {
        return program;
    }

    /** Its database, for another node. */
    Database database() {
        return database;
    }

    /** The connection of who looks, for what a test adds to the outbox. */
    Connections look() {
        return look;
    }

    /** The metrics as Prometheus reads them. */
    String metrics() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create(program.urls("localhost").getOrDefault("metrics", "")))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void sql(String statement, Object... parameters) {
        look.autoCommit(c -> Sql.update(c, statement, parameters));
    }

    long number(String query, Object... parameters) {
        return look.<Optional<Long>, RuntimeException>autoCommit(
                        c -> Sql.first(c, row -> row.getLong(1), query, parameters))
                .orElseThrow();
    }

    List<String> texts(String query, Object... parameters) {
        return look.<List<String>, RuntimeException>autoCommit(
                c -> Sql.query(c, row -> row.getString(1), query, parameters));
    }

    /** Returns when something is so; fails after a while. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + WITHIN.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("in time: " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        program.close();
        database.close();
    }

    /** Nobody watches the start. */
    private static final class Unseen implements Stages {
        @Override
        public <T> T run(String name, Work<T> work, Function<T, List<Object>> details) {
            return work.run();
        }
    }
}
