package tg.gouv.messagerie.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The private PostgreSQL as real processes: started, adopted, killed, stopped. */
class EmbeddedServerTest {
    private static final DatabaseSettings SETTINGS = DatabaseSettings.embeddedByDefault();
    private static final Path DATA = TestServer.folder().resolve("embedded");
    private static final Path HOME = DATA.resolve("postgresql");

    /** What an interrupted run of these tests left behind is taken over, as an interrupted program's would be. */
    @BeforeAll
    static void begin() {
        try (Database database = open()) {
            database.migrate("specimen");
            writer(database).autoCommit(c -> Sql.update(c, "truncate thing"));
        }
    }

    @Test
    void runsDurablyWithChecksumsForAUserThatMayDoNothingElse() {
        try (Database database = open()) {
            Connections connections = writer(database);
            assertThat(show(connections, "fsync", "synchronous_commit", "full_page_writes", "data_checksums"))
                    .containsOnly("on");
            assertThat(show(connections, "listen_addresses")).containsExactly("127.0.0.1");
            assertThat(show(connections, "is_superuser")).containsExactly("off");
            assertThat(database.answers()).isTrue();
        }
    }

    @Test
    void passwordsAreForTheProgramsUserAloneAndNobodyEntersWithout() throws IOException {
        try (Database _ = open()) {
            for (String name : List.of("postgres.password", "messagerie.password")) {
                assertThat(Files.getPosixFilePermissions(HOME.resolve(name))).hasSize(2);
            }
            assertThat(Files.getPosixFilePermissions(HOME.resolve("cluster"))).hasSize(3);
            assertThat(Files.readAllLines(HOME.resolve("cluster/pg_hba.conf")))
                    .filteredOn(line -> !line.isBlank() && !line.startsWith("#"))
                    .allMatch(line -> line.endsWith("scram-sha-256"));
        }
    }

    @Test
    void livesInASessionOfItsOwnSoThatCtrlCDoesNotReachIt() {
        try (Database database = open()) {
            assertThat(Processes.session(process(database)))
                    .isNotEqualTo(Processes.session(ProcessHandle.current().pid()));
        }
    }

    @Test
    void endsWithTheProgramAlthoughSomebodyIsBusy() throws Exception {
        Database database = open();
        long pid = process(database);
        Connections connections = writer(database);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var busy = threads.submit(() -> connections.autoCommit(c -> Sql.query(c, row -> 0, "select pg_sleep(25)")));
            while (database.pools().getFirst().active() == 0) {
                Thread.sleep(5);
            }
            long before = System.nanoTime();
            database.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
            assertThat(busy).failsWithin(Duration.ofSeconds(5));
        }
        assertThat(Processes.runs(pid)).isFalse();
        assertThat(HOME.resolve("cluster").resolve(Postmaster.FILE)).doesNotExist();
    }

    @Test
    void isEndedByForceWhenItDoesNotListen() throws Exception {
        Database database = open(embedded(0, Duration.ofSeconds(1)));
        long pid = process(database);
        assertThat(new ProcessBuilder("sh", "-c", "kill -s STOP " + pid).start().waitFor())
                .isZero();
        long before = System.nanoTime();
        database.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
        assertThat(Processes.runs(pid)).isFalse();
    }

    @Test
    void endsAlthoughTheThreadThatClosesItIsInterrupted() {
        Database database = open();
        long pid = process(database);
        Thread.currentThread().interrupt();
        database.close();
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(Processes.runs(pid)).isFalse();
    }

    @Test
    void oneProgramAtATimeUsesADataDirectory() {
        try (Database _ = open()) {
            assertThatThrownBy(EmbeddedServerTest::open)
                    .isInstanceOf(DatabaseRefused.class)
                    .hasMessageContaining("Another Messagerie (process "
                            + ProcessHandle.current().pid() + ")");
        }
    }

    @Test
    void aCommandLooksAtADatabaseBesideTheProgramThatRunsIt() {
        try (Database database = open()) {
            writer(database);
            try (Database visited = Databases.visit(DatabaseSettings.embeddedByDefault(), DATA)) {
                assertThat(names(visited.connections("visitor", "specimen", 1))).isNotNull();
            }
            assertThat(database.answers()).as("it runs on").isTrue();
        }
        try (Database visited = Databases.visit(DatabaseSettings.embeddedByDefault(), DATA)) {
            assertThat(visited.answers()).as("it was started for the visitor").isTrue();
        }
        assertThat(HOME.resolve("cluster").resolve(Postmaster.FILE)).doesNotExist();
        assertThatThrownBy(() -> Databases.visit(DatabaseSettings.embeddedByDefault(), DATA.resolve("nowhere")))
                .isInstanceOf(DatabaseRefused.class)
                .hasMessageContaining("There is no PostgreSQL in");
        assertThat(DATA.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aCrashOfTheProgramLosesNothingAndItsPostgresqlIsAdopted() throws Exception {
        Killed killed = killWriter("program-", false);
        assertThat(Processes.runs(killed.postgresql())).isTrue();
        try (Database database = open()) {
            assertThat(process(database)).isEqualTo(killed.postgresql());
            assertThat(names(writer(database))).containsAll(killed.acknowledged());
        }
        assertThat(Processes.runs(killed.postgresql())).isFalse();
    }

    @Test
    void aCrashOfTheProgramAndOfPostgresqlLosesNothing() throws Exception {
        Killed killed = killWriter("both-", true);
        try (Database database = open()) {
            assertThat(process(database)).isNotEqualTo(killed.postgresql());
            assertThat(names(writer(database))).containsAll(killed.acknowledged());
        }
    }

    @Test
    void anAdoptedPostgresqlIsWatchedToo() throws Exception {
        Killed killed = killWriter("watched-", false);
        try (Database database = open()) {
            LinkedBlockingQueue<Long> restarted = new LinkedBlockingQueue<>();
            database.onRestart(restarted::add);
            Processes.killWithChildren(killed.postgresql());
            assertThat(restarted.poll(20, TimeUnit.SECONDS)).isNotNull();
            assertThat(names(writer(database))).containsAll(killed.acknowledged());
        }
    }

    @Test
    void aCrashOfPostgresqlDuringWritesLosesNothingAndIsOverWithinSeconds() throws Exception {
        try (Database database = open()) {
            Connections connections = writer(database);
            LinkedBlockingQueue<Long> restarted = new LinkedBlockingQueue<>();
            database.onRestart(restarted::add);
            long first = process(database);
            Set<String> acknowledged = ConcurrentHashMap.newKeySet();
            AtomicInteger failed = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 4; i++) {
                    String prefix = "crash-" + i + "-";
                    writers.execute(() -> write(connections, prefix, acknowledged, failed, enough));
                }
                awaitMore(acknowledged, 100);
                Processes.killWithChildren(first);
                long before = System.nanoTime();
                awaitMore(acknowledged, 100);
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
                enough.set(true);
            }
            assertThat(failed).hasPositiveValue();
            assertThat(names(connections)).containsAll(acknowledged);
            Long second = restarted.poll(5, TimeUnit.SECONDS);
            assertThat(second).isEqualTo(process(database)).isNotEqualTo(first);
        }
    }

    @Test
    void aProcessFileThatNamesAnotherProgramIsRemovedAndThatProgramLives() throws Exception {
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(HOME.resolve("cluster").resolve(Postmaster.FILE), other.pid() + "\n/elsewhere\n");
            try (Database database = open()) {
                assertThat(process(database)).isNotEqualTo(other.pid());
            }
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aPostgresqlOnAnotherPortThanTheSettingsIsReplaced() throws Exception {
        Killed killed = killWriter("port-", false);
        int port = ServerPort.choose(EmbeddedSettings.byDefault());
        try (Database database = open(embedded(port, Duration.ofSeconds(6)))) {
            assertThat(process(database)).isNotEqualTo(killed.postgresql());
            assertThat(show(writer(database), "port")).containsExactly(Integer.toString(port));
        }
        assertThat(Processes.runs(killed.postgresql())).isFalse();
    }

    @Test
    void whatAnInterruptedFirstStartLeftIsNeverUsed() throws Exception {
        Path half = Files.createDirectories(HOME.resolve("unpacking.tmp123/bin"));
        Files.writeString(half.resolve("postgres"), "half a program");
        Files.createDirectories(HOME.resolve("cluster.tmp456"));
        try (Database database = open()) {
            assertThat(database.answers()).isTrue();
        }
        assertThat(HOME.resolve("unpacking.tmp123")).doesNotExist();
        assertThat(HOME.resolve("cluster.tmp456")).doesNotExist();
    }

    @Test
    void theProgramsAreOfTheVersionTheyAreFiledUnder() throws Exception {
        Process version = new ProcessBuilder(
                        HOME.resolve(ServerBinaries.VERSION)
                                .resolve("bin/postgres")
                                .toString(),
                        "--version")
                .start();
        assertThat(new String(version.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip())
                .isEqualTo("postgres (PostgreSQL) " + ServerBinaries.VERSION);
    }

    private record Killed(long postgresql, Set<String> acknowledged) {}

    /** Runs a program that writes, and kills it in the middle. */
    private static Killed killWriter(String prefix, boolean andPostgresql) throws IOException, InterruptedException {
        Process program = Processes.java(List.of("-Xmx64m"), Writer.class, DATA.toString(), prefix);
        try (BufferedReader output = program.inputReader()) {
            long postgresql = Long.parseLong(output.readLine());
            Set<String> acknowledged = new HashSet<>();
            while (acknowledged.size() < 50) {
                acknowledged.add(output.readLine());
            }
            program.destroyForcibly();
            if (andPostgresql) {
                Processes.killWithChildren(postgresql);
            }
            program.waitFor();
            return new Killed(postgresql, acknowledged);
        }
    }

    private static void write(
            Connections connections,
            String prefix,
            Set<String> acknowledged,
            AtomicInteger failed,
            AtomicBoolean enough) {
        for (int i = 0; !enough.get(); i++) {
            String name = prefix + i;
            try {
                connections.transaction(c -> Sql.update(c, "insert into thing(name) values (?)", name));
                acknowledged.add(name);
            } catch (StoreUnavailable e) {
                assertThat(e.worthRetrying()).isTrue();
                failed.incrementAndGet();
            }
        }
    }

    private static void awaitMore(Set<String> acknowledged, int more) throws InterruptedException {
        int enough = acknowledged.size() + more;
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (acknowledged.size() < enough && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
    }

    private static Database open() {
        return open(EmbeddedSettings.byDefault());
    }

    private static Database open(EmbeddedSettings embedded) {
        return Databases.open(
                new DatabaseSettings(
                        SETTINGS.url(),
                        SETTINGS.user(),
                        SETTINGS.password(),
                        SETTINGS.rootCertificate(),
                        SETTINGS.acquireTimeout(),
                        SETTINGS.waitingMax(),
                        SETTINGS.statementTimeout(),
                        SETTINGS.idleInTransactionTimeout(),
                        embedded),
                DATA);
    }

    private static EmbeddedSettings embedded(int port, Duration stopTimeout) {
        EmbeddedSettings usual = EmbeddedSettings.byDefault();
        return new EmbeddedSettings(
                port, usual.sharedBuffers(), usual.connectionsMax(), usual.runAs(), usual.startTimeout(), stopTimeout);
    }

    private static Connections writer(Database database) {
        return database.connections("writer", "specimen", 4);
    }

    private static long process(Database database) {
        return database.processId().orElseThrow();
    }

    private static List<String> names(Connections connections) {
        return connections.autoCommit(c -> Sql.query(c, row -> row.getString(1), "select name from thing"));
    }

    private static List<String> show(Connections connections, String... settings) {
        List<String> values = new ArrayList<>();
        for (String setting : settings) {
            values.add(connections.autoCommit(c ->
                    Sql.first(c, row -> row.getString(1), "show " + setting).orElseThrow()));
        }
        return values;
    }
}
