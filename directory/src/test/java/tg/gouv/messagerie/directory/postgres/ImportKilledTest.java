package tg.gouv.messagerie.directory.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Imports.Report;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.platform.audit.UnsealedTrail;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** The files that deploy/demo/population writes, imported by a process that is killed (SIGKILL) at random moments and begun again. */
class ImportKilledTest {
    private static final int PEOPLE = 2_000;
    private static final int BATCH = 100;
    private static final int KILLS = 3;

    @TempDir
    private Path folder;

    @Test
    void killedAtRandomMomentsAndRunAgainGivesTheSameExportAndUndoGivesBackWhatWas() throws Exception {
        population(folder, PEOPLE, 0);
        Path people = folder.resolve("people.csv");
        List<String> whole = undisturbed(people);
        assertThat(whole).hasSize(PEOPLE + 1);
        try (Node node = prepared(BATCH)) {
            Directories directories = node.directories();
            List<String> before = export(directories);
            long seed = System.nanoTime();
            Random random = new Random(seed);
            int last = 0;
            for (int i = 0; i < KILLS; i++) {
                last = killed(node.database(), people, 1 + random.nextInt(6), random.nextInt(40));
            }
            Report rest = run(directories, people, new ImportsTest.Heard());
            assertThat(rest.resumed())
                    .as("seed " + seed + ", killed at " + last)
                    .isTrue();
            assertThat(export(directories)).as("seed " + seed).isEqualTo(whole);
            assertThat(run(directories, people, new ImportsTest.Heard()).unchanged())
                    .isEqualTo(PEOPLE);
            assertThat(directories.imports().undo(rest.id().orElseThrow())).isEqualTo(PEOPLE);
            assertThat(export(directories)).isEqualTo(before);
        }
    }

    @Test
    void fiftyBadRowsAreFiftyLocatedProblems() throws Exception {
        population(folder, PEOPLE, 50);
        try (Node node = prepared(1_000)) {
            ImportsTest.Heard heard = new ImportsTest.Heard();
            Report report = run(node.directories(), folder.resolve("people.csv"), heard);
            assertThat(report.made()).isEqualTo(PEOPLE - 50);
            assertThat(heard.refused).hasSize(51);
            assertThat(heard.problems.stream().filter(it -> !it.contains("homonyme") && !it.contains("peut-être")))
                    .hasSize(50)
                    .allMatch(it -> it.matches("ligne \\d+, colonne \\w+ : .*"));
        }
    }

    private List<String> undisturbed(Path people) throws IOException {
        try (Node node = prepared(BATCH)) {
            run(node.directories(), people, new ImportsTest.Heard());
            return export(node.directories());
        }
    }

    /** Imports in a process of its own until so many batches are done and some milliseconds are over; returns how many rows were. */
    private int killed(Database database, Path people, int batches, int millis) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                java(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ImportKilledTest.class.getName(),
                TestDatabase.url(database),
                people.toString(),
                Files.createTempDirectory(folder, "child").toString());
        builder.environment().put("IMPORT_PASSWORD", TestDatabase.password());
        Process process = builder.redirectError(Redirect.DISCARD).start();
        int done = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null && batches > 0; line = lines.readLine()) {
                if (line.startsWith("at ")) {
                    done = Integer.parseInt(line.substring(3));
                    batches--;
                }
            }
            Thread.sleep(millis); // somewhere in a batch
        } finally {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
        }
        return done;
    }

    /** The process that is killed: {@code URL FILE FOLDER}. */
    public static void main(String[] arguments) throws IOException {
        String password = System.getenv("IMPORT_PASSWORD");
        try (Database database = Databases.open(TestDatabase.settings(arguments[0], password), Path.of(arguments[2]));
                Directories directories = open(database, Path.of(arguments[2]), BATCH)) {
            run(directories, Path.of(arguments[1]), new ImportsTest.Heard() {
                @Override
                public void at(long done, long of) {
                    System.out.println("at " + done);
                }
            });
        }
    }

    /** Writes a population into a folder. */
    static void population(Path folder, int people, int bad) throws Exception {
        Path source = Path.of("..", "deploy", "demo", "Population.java");
        Process process = new ProcessBuilder(
                        java(), source.toString(), folder.toString(), "" + people, "" + bad, "gouv.tg")
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }

    /** A directory that has the population's entities and positions. */
    private record Node(Database database, Directories directories) implements AutoCloseable {
        @Override
        public void close() {
            directories.close();
            database.close();
        }
    }

    private Node prepared(int batchRows) throws IOException {
        Database database = TestDatabase.fresh();
        database.migrate("platform");
        Directories directories = open(database, folder, batchRows);
        directories.provisioning().domain("gouv.tg");
        run(directories, folder.resolve("entities.csv"), new ImportsTest.Heard());
        run(directories, folder.resolve("positions.csv"), new ImportsTest.Heard());
        return new Node(database, directories);
    }

    private static Directories open(Database database, Path folder, int batchRows) {
        DirectorySettings usual = TestSettings.cheap();
        return Directories.open(
                database,
                new DirectorySettings(
                        usual.connectionsMax(),
                        usual.provisioningConnectionsMax(),
                        usual.activationCodeFor(),
                        usual.apiTokenFor(),
                        usual.signIn(),
                        new ImportSettings(usual.imports().fileMax(), 100_000, batchRows),
                        usual.letters()),
                folder,
                new UnsealedTrail(database.connections("trail", "platform", 1)),
                (_, _) -> {},
                Clock.systemUTC(),
                new SecureRandom());
    }

    private static Report run(Directories directories, Path file, Imports.Watch watch) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return directories
                    .imports()
                    .run(
                            new Imports.Order(
                                    String.valueOf(file.getFileName()),
                                    Mapping.none(),
                                    false,
                                    false,
                                    false,
                                    Locale.FRENCH),
                            content,
                            watch);
        }
    }

    private static List<String> export(Directories directories) {
        List<String> lines = new ArrayList<>();
        directories.imports().export(Imports.Kind.PEOPLE, lines::add);
        return lines;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
