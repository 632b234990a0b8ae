package tg.gouv.messagerie.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.Processes;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;

class AuditTrailsTest {
    private static final Duration SOON = Duration.ofMillis(20);

    @TempDir
    private Path folder;

    private Database database;
    private Connections connections;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh();
        database.migrate("platform");
        connections = database.connections("test", "platform", 3);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatIsRecordedIsSealedSoonAndItsHeadIsOutside() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        try (AuditTrails trails = trails(SOON, Duration.ofMinutes(1), Optional.of(outside))) {
            trails.trail().record(SealedTrail.event("root"));
            await(() -> number("select last_number from audit_sink") == 1);
            await(() -> trails.state().sealed() == 1);
            assertThat(trails.isWell()).isTrue();
        }
        assertThat(verdict(Optional.of(outside))).isInstanceOf(Verdict.Sound.class);
    }

    @Test
    void whatIsToldOfAnAccountIsItsOwnTheNewestFirstAndWhoLookedIsInIt() {
        UUID ama = UUID.randomUUID();
        Subject account = new Subject(Subject.Kind.ACCOUNT, ama.toString());
        Circumstances hers = circumstances(new Actor.Account(ama));
        Circumstances kofis = circumstances(new Actor.Account(UUID.randomUUID()));
        Subject function = new Subject(Subject.Kind.ACCOUNT, UUID.randomUUID().toString());
        try (AuditTrails trails = trails(SOON, Duration.ofMinutes(1), Optional.empty())) {
            AuditTrail trail = trails.trail();
            trail.record(new AuditEvent.DirectoryChange(kofis, AuditEvent.DirectoryChange.Act.PASSWORD, account));
            trail.record(new AuditEvent.DirectoryChange(kofis, AuditEvent.DirectoryChange.Act.PASSWORD, function));
            trail.record(new AuditEvent.MailboxRights(
                    kofis, new Subject(Subject.Kind.MAILBOX, ama + "/42"), Optional.empty()));
            trail.record(new AuditEvent.DirectoryChange(hers, AuditEvent.DirectoryChange.Act.ENTITY, function));
            await(() -> trails.state().sealed() == 4);
            trail.count(new AuditEvent.SignIn(hers, function, Optional.empty(), Outcome.DONE));
            await(() -> trails.state().sealed() == 5);
            AuditAbout about = trails.about();
            assertThat(about.about(ama, Optional.of(kofis), OptionalLong.empty(), 10))
                    .extracting(AuditAbout.Told::act)
                    .containsExactly("sign-in", "mailbox-rights", "directory-password");
            await(() -> trails.state().sealed() == 6);
            List<AuditAbout.Told> first = about.about(ama, Optional.empty(), OptionalLong.empty(), 2);
            assertThat(first).extracting(AuditAbout.Told::act).containsExactly("look-access", "sign-in");
            assertThat(about.about(
                            ama,
                            Optional.empty(),
                            OptionalLong.of(first.getLast().number()),
                            10))
                    .hasSize(2);
            assertThat(about.about(UUID.randomUUID(), Optional.empty(), OptionalLong.empty(), 10))
                    .isEmpty();
        }
    }

    private static Circumstances circumstances(Actor actor) {
        return new Circumstances(Instant.now(), actor, Optional.empty(), new Origin.Remote("10.0.0.0/24", "http"));
    }

    @Test
    void aLookAtATrailThatGrowsMeanwhileFindsNothingWrong() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        AtomicBoolean enough = new AtomicBoolean();
        try (AuditTrails trails = trails(SOON, Duration.ofMinutes(1), Optional.of(outside))) {
            Thread writer = Thread.ofVirtual().start(() -> {
                while (!enough.get()) {
                    trails.trail().record(SealedTrail.event("ama"));
                }
            });
            for (int looks = 0; looks < 40; looks++) {
                assertThat(verdict(Optional.of(outside))).isInstanceOf(Verdict.Sound.class);
            }
            enough.set(true);
            writer.join();
        }
    }

    @Test
    void theEndWritesSealsAndBringsEverythingOutside() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        AuditTrails trails = trails(Duration.ofMinutes(5), Duration.ofMinutes(6), Optional.of(outside));
        for (int i = 0; i < 7; i++) {
            trails.trail().count(signIn());
        }
        connections.transaction(c -> {
            trails.trail().record(c, List.of(SealedTrail.event("ama"), SealedTrail.event("kofi")));
            return true;
        });
        trails.close();
        assertThat(number("select times from audit_event where act = 'sign-in'"))
                .isEqualTo(7);
        assertThat(verdict(Optional.of(outside)))
                .isInstanceOfSatisfying(
                        Verdict.Sound.class, sound -> assertThat(sound.rows()).isEqualTo(3));
    }

    @Test
    void whatAKilledProgramLeftUnsealedIsSealedByTheNext() throws Exception {
        AuditTrails killed = trails(Duration.ofMinutes(5), Duration.ofMinutes(6), Optional.empty());
        killed.trail().record(SealedTrail.event("root")); // and nothing more of it is heard
        Database later = again();
        try (AuditTrails next = AuditTrails.open(
                later,
                settings(SOON, Duration.ofMinutes(1), Optional.empty()),
                folder.resolve("data"),
                Clock.systemUTC())) {
            await(() -> next.state().sealed() == 1);
        }
        assertThat(verdict(Optional.empty())).isInstanceOf(Verdict.Sound.class);
        killed.close();
    }

    @Test
    void aProgramThatIsKilledWhileItSealsLeavesAWholeTrail() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        int recorded = 0;
        for (int kill = 1; kill <= 2; kill++) {
            Process program = Processes.java(
                    List.of(),
                    AuditWriter.class,
                    TestDatabase.url(database),
                    TestDatabase.password(),
                    folder.resolve("data").toString(),
                    outside.toString());
            try (BufferedReader lines = program.inputReader()) {
                for (int i = 0; i < 300 * kill; i++) {
                    assertThat(lines.readLine()).isNotNull();
                    recorded++;
                }
                program.toHandle().destroyForcibly(); // unlike the process's own, leaves what it printed
                recorded += (int) lines.lines().filter(it -> !it.isEmpty()).count();
                program.waitFor();
            }
        }
        long pending = number("select count(*) from audit_pending");
        assertThat(number("select count(*) from audit_event") + pending).isBetween(recorded + 0L, recorded + 2L);
        trails(SOON, Duration.ofMinutes(1), Optional.of(outside)).close();
        long rows = recorded;
        assertThat(verdict(Optional.of(outside))).isInstanceOfSatisfying(Verdict.Sound.class, sound -> {
            assertThat(sound.rows()).isBetween(rows, rows + 2);
            assertThat(sound.unsealed()).isZero();
        });
    }

    @Test
    void aSealThatIsLateIsToldByHealth() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch locked = new CountDownLatch(1);
        FutureTask<Boolean> other = new FutureTask<>(() -> connections.transaction(c -> {
            Sql.first(c, row -> true, "select pg_advisory_xact_lock(?)", Sealer.LOCK);
            locked.countDown();
            over.await(1, TimeUnit.MINUTES);
            return true;
        }));
        Thread.ofVirtual().start(other);
        locked.await();
        try (AuditTrails trails = trails(SOON, Duration.ofMillis(200), Optional.empty())) {
            trails.trail().record(SealedTrail.event("root"));
            await(() -> trails.state().unsealed() == 1);
            await(() -> !trails.isWell());
            over.countDown();
            other.get();
            await(trails::isWell);
        }
    }

    @Test
    void headsThatCannotBeBroughtOutsideAreToldByHealthAndTheTrailGoesOn() throws Exception {
        Path notMounted = folder.resolve("not-mounted");
        try (AuditTrails trails = trails(SOON, Duration.ofMinutes(1), Optional.of(notMounted))) {
            trails.trail().record(SealedTrail.event("root"));
            await(() -> trails.state().sealed() == 1);
            await(() -> !trails.isWell());
            assertThat(notMounted).doesNotExist();
            Files.createDirectory(notMounted);
            await(trails::isWell);
        }
    }

    @Test
    void theLastRowsCanBeListed() {
        try (AuditTrails trails = trails(SOON, Duration.ofMinutes(1), Optional.empty())) {
            trails.trail().record(SealedTrail.event("ama"));
            trails.trail().record(SealedTrail.event("kofi"));
            await(() -> trails.state().sealed() == 2);
        }
        try (AuditReader reader = new AuditReader(again())) {
            assertThat(reader.list(Optional.empty(), Optional.empty(), 10)).hasSize(2);
            assertThat(reader.list(Optional.of("system-user:kofi"), Optional.empty(), 10))
                    .containsExactly("number=2 at=2026-11-26T08:00:00.123456Z act=order-down actor=system-user:kofi"
                            + " subject=program:0.1.0 outcome=done");
            assertThat(reader.list(Optional.empty(), Optional.of(Instant.parse("2026-11-26T08:00:01Z")), 10))
                    .isEmpty();
            assertThat(reader.list(Optional.empty(), Optional.empty(), 1))
                    .singleElement()
                    .asString()
                    .contains("kofi");
        }
    }

    private AuditTrails trails(Duration sealEvery, Duration alarmAfter, Optional<Path> outside) {
        return AuditTrails.open(
                database, settings(sealEvery, alarmAfter, outside), folder.resolve("data"), Clock.systemUTC());
    }

    private static AuditSettings settings(Duration sealEvery, Duration alarmAfter, Optional<Path> outside) {
        return new AuditSettings(
                sealEvery,
                Duration.ofMinutes(1),
                100,
                alarmAfter,
                outside,
                sealEvery.multipliedBy(10),
                Optional.empty(),
                3);
    }

    /** The same database, opened once more. */
    private Database again() {
        return Databases.open(TestDatabase.settings(TestDatabase.url(database), TestDatabase.password()), folder);
    }

    private Verdict verdict(Optional<Path> outside) throws IOException {
        return new Verification(connections, outside.map(DirectoryHeads::new)).verdict();
    }

    private long number(String query) {
        return connections
                .autoCommit(c -> Sql.first(c, row -> row.getLong(1), query))
                .orElse(0L);
    }

    private static AuditEvent.Frequent signIn() {
        return new AuditEvent.SignIn(
                new Circumstances(
                        Instant.parse("2026-11-26T08:00:00Z"),
                        new Actor.Nobody(),
                        Optional.empty(),
                        new Origin.Remote("192.0.2.0/24", "imap")),
                SealedTrail.PROGRAM,
                Optional.empty(),
                Outcome.REFUSED);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
