package tg.gouv.messagerie.platform.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditReader;
import tg.gouv.messagerie.platform.audit.AuditSettings;
import tg.gouv.messagerie.platform.audit.AuditTrails;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.audit.UnsealedTrail;
import tg.gouv.messagerie.platform.audit.Verdict;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.blobs.DirectoryBlobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.DatabaseRefused;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.Processes;
import tg.gouv.messagerie.platform.database.SchemaVersion;
import tg.gouv.messagerie.platform.database.Snapshot;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

/** Backups of a real database that is being written, and their way back. */
class BackupsTest {
    private static final int THINGS = 30;
    private static final Clock CLOCK = Clock.systemUTC();

    /** What every test has of the system; those that change it put it back. */
    @TempDir
    private static Path source;

    private static Shelf shelf;
    private static Path pristine;

    @TempDir
    private Path folder;

    private final List<Database> opened = new ArrayList<>();

    @BeforeAll
    static void fill() throws IOException {
        shelf = new Shelf(TestDatabase.fresh(), source).filled(THINGS);
        pristine = shelf.backup(source.resolve("backups")).folder();
    }

    @AfterEach
    void closeTargets() {
        opened.forEach(Database::close);
    }

    @AfterAll
    static void close() {
        shelf.close();
    }

    @Test
    void bringsBackEveryRowObjectAndFile() throws IOException {
        List<String> before = rows(shelf.database);

        Backups.Done done = shelf.backup(backups());
        Database target = fresh();
        Blobs blobs = restore(done.folder(), target);
        Path data = Files.createDirectory(folder.resolve("new data"));
        StoredBackup.open(done.folder()).restoreFiles(data, Set.of());

        assertThat(done.damaged()).isZero();
        assertThat(done.objects()).isEqualTo(THINGS / 3);
        assertThat(rows(target)).hasSize(THINGS + 1 + 2 + 2 + 1 + 2).isEqualTo(before);
        assertThat(objectsOf(target)).hasSize(THINGS / 3).allSatisfy(object -> {
            try (InputStream here = blobs.open(object).orElseThrow();
                    InputStream there = shelf.blobs.open(object).orElseThrow()) {
                assertThat(here.readAllBytes()).isEqualTo(there.readAllBytes());
            }
        });
        assertThat(data.resolve("tls/server.key")).hasContent("the key");
        assertThat(data.resolve("run")).doesNotExist();
        assertThat(StoredBackup.open(done.folder()).elsewhere())
                .singleElement()
                .satisfies(it -> assertThat(it.copy()).hasSameTextualContentAs(shelf.settings));
    }

    @Test
    void constraintsAndCountersGoOnWhereTheyWere() {
        Database target = fresh();
        restore(pristine, target);
        var connections = target.connections("on", "keepsake", 1);

        long id = connections
                .autoCommit(c ->
                        Sql.first(c, row -> row.getLong(1), "insert into shelf(name) values ('third') returning id"))
                .orElseThrow();
        long ticket = connections
                .autoCommit(c -> Sql.first(c, row -> row.getLong(1), "select nextval('ticket')"))
                .orElseThrow();

        assertThat(id).isEqualTo(3);
        assertThat(ticket).isEqualTo(101);
        assertThatThrownBy(() ->
                        connections.autoCommit(c -> Sql.update(c, "insert into thing(id, shelf_id) values (999, 77)")))
                .hasMessageContaining("23503");
        target.migrate("keepsake"); // nothing is missing, and the history is as Flyway left it
    }

    @Test
    void theBackupIsOneMomentWhileOthersWrite() throws Exception {
        Shelf own = own();
        AtomicBoolean writing = new AtomicBoolean(true);
        Thread writer = Thread.ofVirtual().start(() -> {
            for (long id = THINGS + 1; writing.get() && id < 5_000; id++) {
                own.put(id, id % 2 == 0);
            }
        });
        Backups.Done done;
        try {
            done = own.backup(backups());
        } finally {
            writing.set(false);
            writer.join();
        }

        Database target = fresh();
        restore(done.folder(), target);

        // Numbers were committed one after the other: a moment has all up to one of them.
        List<Long> ids = target.connections("ids", "keepsake", 1)
                .autoCommit(c -> Sql.query(c, row -> row.getLong(1), "select id from thing order by id"));
        assertThat(ids.getLast()).isEqualTo(ids.size());
        assertThat(objectsOf(target))
                .allSatisfy(it -> assertThat(own.blobs.find(it)).isPresent());
    }

    @Test
    void theAuditTrailTellsOfItAndGoesOnAfterTheRestore() throws Exception {
        try (AuditTrails trails = trails(shelf.database)) {
            trails.trail()
                    .record(new AuditEvent.Restored(
                            Circumstances.ofSystemUser("ama", CLOCK),
                            new Subject(Subject.Kind.BACKUP, "an earlier one")));
        }
        Backups.Done done = shelf.backup(backups());
        Database target = fresh();
        restore(done.folder(), target);
        trails(target).close();

        try (AuditReader reader = new AuditReader(target)) {
            assertThat(reader.verify(Optional.empty()))
                    .isInstanceOfSatisfying(
                            Verdict.Sound.class, it -> assertThat(it.unsealed()).isZero());
            assertThat(reader.list(Optional.empty(), Optional.empty(), 10).getLast())
                    .contains("act=backup actor=system-user:root subject=backup:"
                            + done.folder().getFileName());
        } finally {
            opened.remove(target);
        }
    }

    @Test
    void objectsStayWhileItIsMadeAndMayGoAfterwards() {
        AtomicBoolean allowed = new AtomicBoolean(true);

        shelf.backup(backups(), OptionalInt.empty(), CLOCK, (step, _, _) -> {
            if (step == Progress.Step.OBJECTS) {
                allowed.set(mayDelete());
            }
        });

        assertThat(allowed).isFalse();
        assertThat(mayDelete()).isTrue();
    }

    @Test
    void onlyOneIsMadeAtATime() {
        List<Throwable> refused = new ArrayList<>();

        shelf.backup(backups(), OptionalInt.empty(), CLOCK, (step, done, _) -> {
            if (step == Progress.Step.FILES && done == 1) {
                try {
                    shelf.backup(backups());
                } catch (BackupRefused e) {
                    refused.add(e);
                }
            }
        });

        assertThat(refused).singleElement().asString().contains("Another backup");
        assertThat(names()).hasSize(1);
    }

    @Test
    void keepsAsManyAsAskedAndSharesTheirObjects() throws IOException {
        Instant first = Instant.parse("2026-11-26T08:00:00Z");
        for (int day = 0; day < 4; day++) {
            Clock clock = Clock.fixed(first.plus(Duration.ofDays(day)), ZoneOffset.UTC);
            shelf.backup(backups(), OptionalInt.of(2), clock, Progress.NONE);
        }

        assertThat(names()).containsExactly("2026-11-28T08-00-00.000Z", "2026-11-29T08-00-00.000Z");
        Path older = backups().resolve("2026-11-28T08-00-00.000Z");
        Path newer = backups().resolve("2026-11-29T08-00-00.000Z");
        String object = ObjectLine.file(objectsOf(shelf.database).getFirst());
        assertThat(Files.getAttribute(older.resolve(object), "unix:ino"))
                .isEqualTo(Files.getAttribute(newer.resolve(object), "unix:ino"));
        StoredBackup.open(newer).check(Progress.NONE);
    }

    @Test
    void nobodyElseMayReadIt() throws IOException {
        Path made = copyOfPristine();

        try (Stream<Path> all = Files.walk(made)) {
            assertThat(all)
                    .allSatisfy(each -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                            .endsWith("------"));
        }
    }

    @Test
    void aMissingOrDamagedObjectIsToldAndTheRestIsSaved() throws IOException {
        Shelf own = own();
        List<BlobId> objects = objectsOf(own.database);
        own.backup(backups(), OptionalInt.of(1), CLOCK, Progress.NONE);
        own.blobs.delete(objects.getFirst());
        Path file = find(own.data.resolve("blobs"), objects.get(1).toString());
        byte[] bytes = Files.readAllBytes(file);
        bytes[7] ^= 1;
        Files.write(file, bytes);

        // Elsewhere, since the folder has these objects, intact, and they would be taken from there.
        Backups.Done done = own.backup(folder.resolve("elsewhere"), OptionalInt.of(1), CLOCK, Progress.NONE);

        assertThat(done.damaged()).isEqualTo(2);
        assertThat(done.objects()).isEqualTo(THINGS / 3 - 2);
        Database target = fresh();
        Blobs blobs = restore(done.folder(), target);
        assertThat(blobs.find(objects.get(2))).isPresent();
        assertThat(blobs.find(objects.getFirst())).isEmpty();
    }

    @Test
    void damageNeverCostsAnOlderBackup() throws IOException {
        Shelf own = own();
        Backups.Done whole = own.backup(backups());
        own.blobs.delete(objectsOf(own.database).getFirst());

        Backups.Done damaged = own.backup(backups(), OptionalInt.of(1), CLOCK, Progress.NONE);

        assertThat(damaged.removed()).isEmpty();
        assertThat(whole.folder()).exists();
    }

    @Test
    void anAlteredFileIsNamed() throws IOException {
        Path made = copyOfPristine();
        for (String part : List.of("database/", "objects/", "files/", "objects.txt")) {
            Path file = anyFile(made, part);
            byte[] intact = Files.readAllBytes(file);
            byte[] altered = intact.clone();
            altered[altered.length / 2] ^= 1;
            Files.write(file, altered);

            assertRefused(made, String.valueOf(file.getFileName()), "not as it was written");

            Files.write(file, intact);
        }
        assertThat(StoredBackup.open(made).check(Progress.NONE)).isPositive();
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Path made = copyOfPristine();
        for (String part : List.of("database/", "objects/", "files/", "objects.txt")) {
            Path file = anyFile(made, part);
            Path aside = folder.resolve("aside");
            Files.move(file, aside);

            assertRefused(made, String.valueOf(file.getFileName()), "missing");

            Files.move(aside, file);
        }
    }

    @Test
    void aManifestThatIsNoneIsRefused() throws IOException {
        Path made = copyOfPristine();
        Path manifest = made.resolve(Manifest.FILE);
        String text = Files.readString(manifest);
        for (String wrong : List.of(
                "",
                "{}",
                "[]",
                "null",
                text.substring(0, text.length() / 2),
                text.replaceFirst("\"file\" : \"database/", "\"file\" : \"../../"),
                text.replaceFirst("\"path\" : \"tls/server.key\"", "\"path\" : \"../../etc/passwd\""),
                text.replaceFirst("\"path\" : \"tls/server.key\"", "\"path\" : \"/etc/passwd\""),
                text.replaceFirst("\"rows\" : \\d+", "\"rows\" : null"),
                text.replaceFirst("\"sha256\" : \"", "\"sha256\" : \"A"),
                text.replaceFirst("\"objects\"", "\"objets\""))) {
            Files.writeString(manifest, wrong);
            assertThatThrownBy(() -> StoredBackup.open(made))
                    .isInstanceOf(BackupRefused.class)
                    .hasMessageContaining("manifest");
        }
        Files.delete(manifest);
        assertThatThrownBy(() -> StoredBackup.open(made)).hasMessageContaining("There is no backup in");
    }

    @Test
    void aNewerProgramsBackupIsRefused() throws IOException {
        Path made = copyOfPristine();
        Path manifest = made.resolve(Manifest.FILE);
        String text = Files.readString(manifest);

        Files.writeString(manifest, text.replaceFirst("\"format\" : 1", "\"format\" : 2"));
        assertThatThrownBy(() -> StoredBackup.open(made)).hasMessageContaining("has format 2");

        for (String newer : List.of(
                text.replace("\"version\" : \"002\"", "\"version\" : \"902\""),
                text.replace("\"schema\" : \"keepsake\"", "\"schema\" : \"unheard_of\""),
                text.replaceFirst("\"checksum\" : -?\\d", "\"checksum\" : 4"))) {
            assertThat(newer).isNotEqualTo(text);
            Files.writeString(manifest, newer);
            Database target = fresh();
            assertThatThrownBy(() -> restore(made, target)).isInstanceOf(DatabaseRefused.class);
            assertThat(target.copying().filled()).isEmpty();
        }
    }

    @Test
    void anOlderVersionsBackupIsBroughtBackAsItWasAndThenUpToDate() throws IOException {
        List<SchemaVersion.Step> steps;
        try (Snapshot snapshot = shelf.database.copying().snapshot(1)) {
            steps = snapshot.versions().stream()
                    .filter(it -> it.schema().equals("keepsake"))
                    .findFirst()
                    .orElseThrow()
                    .applied();
        }
        Database old = fresh();
        old.migrate("platform");
        old.copying().migrate(new SchemaVersion("keepsake", steps.subList(0, 1)));
        Connections connections = old.connections("old", "keepsake", 1);
        connections.autoCommit(c -> Sql.update(c, "update shelf set name = 'an old one'"));
        Path made = new Backups(old, Optional.empty(), List.of(), new UnsealedTrail(connections), "0.9", CLOCK)
                .make(
                        backups(),
                        new SavedFiles(shelf.data, shelf.settings, List.of(), Set.of()),
                        Circumstances.ofSystemUser("root", CLOCK),
                        OptionalInt.empty(),
                        Progress.NONE)
                .folder();
        Database target = fresh();

        restore(made, target);

        Connections restored = target.connections("old-again", "keepsake", 1);
        assertThat(texts(restored, "select name from shelf")).containsExactly("an old one");
        assertThat(texts(restored, "select 'none' where to_regclass('day') is null"))
                .containsExactly("none");
        target.migrate("keepsake");
        assertThat(texts(restored, "select count(*) from day")).containsExactly("0");
    }

    @Test
    void aDatabaseThatHoldsSomethingIsNotTouched() {
        Path made = copyOfPristine();
        List<String> before = rows(shelf.database);

        assertThatThrownBy(() -> restore(made, shelf.database))
                .isInstanceOfSatisfying(
                        BackupRefused.class, it -> assertThat(it.kind()).isEqualTo(BackupRefused.Kind.OCCUPIED))
                .hasMessageContaining("holds data already");

        assertThat(rows(shelf.database)).isEqualTo(before);
    }

    @Test
    void whatIsAlteredBetweenTheCheckAndTheRestoreLeavesNoRow() throws IOException {
        Path made = copyOfPristine();
        Path things = anyFile(made, "database/", "keepsake.thing");
        StoredBackup backup = StoredBackup.open(made);
        backup.check(Progress.NONE);
        byte[] bytes = Files.readAllBytes(things);
        bytes[bytes.length - 100] ^= 1;
        Files.write(things, bytes);
        Database target = fresh();

        assertThatThrownBy(() -> restore(made, target)).isInstanceOf(RuntimeException.class);

        assertThat(target.copying().filled()).isEmpty();
        bytes[bytes.length - 100] ^= 1;
        Files.write(things, bytes);
        restore(made, target); // the empty schemas that are there do no harm
    }

    @Test
    void rowsThatBreakAConstraintAreNotTaken() throws IOException {
        Path made = copyOfPristine();
        Path manifest = made.resolve(Manifest.FILE);
        // Somebody takes the shelves out, and corrects the manifest.
        Path empty = anyFile(made, "database/", "keepsake.day");
        Path shelves = anyFile(made, "database/", "keepsake.shelf");
        Files.delete(shelves);
        Files.write(shelves, emptyCopy());
        assertThat(empty).exists();
        String text = Files.readString(manifest);
        var mapper = new JsonMapper();
        var tree = mapper.readTree(text);
        for (var schema : tree.path("schemas")) {
            for (var table : schema.path("tables")) {
                if (table.path("table").path("name").asText().equals("shelf")) {
                    var node = (ObjectNode) table;
                    node.put("rows", 0);
                    var content = (ObjectNode) table.path("content");
                    content.put("bytes", emptyCopy().length);
                    content.put(
                            "sha256",
                            HexFormat.of().formatHex(BackupFolder.sha256().digest(emptyCopy())));
                }
            }
        }
        Files.writeString(manifest, mapper.writeValueAsString(tree));
        Database target = fresh();

        assertThatThrownBy(() -> restore(made, target)).hasMessageContaining("23503");

        assertThat(target.copying().filled()).isEmpty();
    }

    @Test
    void oneThatFailsLeavesNothing() {
        assertThatThrownBy(() -> shelf.backup(backups(), OptionalInt.empty(), CLOCK, (step, _, _) -> {
                    if (step == Progress.Step.OBJECTS) {
                        throw new IllegalStateException("as if");
                    }
                }))
                .hasMessageContaining("as if");

        assertThat(backups()).isEmptyDirectory();
        assertThat(mayDelete()).isTrue();
        shelf.backup(backups());
    }

    @Test
    void aFullDiskIsNamedAndLeftAsItWas() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeThat(mounted(small)).as("only root mounts a small disk").isTrue();
        try {
            assertThatThrownBy(() -> shelf.backup(small))
                    .isInstanceOfSatisfying(
                            BackupRefused.class, it -> assertThat(it.kind()).isEqualTo(BackupRefused.Kind.DISK))
                    .hasMessageContaining("the disk is full");
            assertThat(small).isEmptyDirectory();
        } finally {
            new ProcessBuilder("umount", small.toString()).start().waitFor();
        }
    }

    @Test
    void oneThatIsKilledIsNoBackupAndTheNextCleansUp() throws Exception {
        Process child = Processes.java(
                List.of(),
                Doomed.class,
                TestDatabase.url(shelf.database),
                TestDatabase.password(),
                shelf.data.toString(),
                shelf.settings.toString(),
                backups().toString());
        try (var out = child.inputReader(UTF_8)) {
            assertThat(out.readLine()).isEqualTo("half");
            assertThat(mayDelete()).isFalse();
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(names()).singleElement().asString().endsWith(".partial");
        for (int tries = 0; tries < 100 && !mayDelete(); tries++) {
            TimeUnit.MILLISECONDS.sleep(50); // until PostgreSQL has noticed
        }

        Backups.Done done = shelf.backup(backups());

        assertThat(names()).containsExactly(String.valueOf(done.folder().getFileName()));
    }

    /** Makes half a backup, says so, and waits. */
    static final class Doomed {
        private Doomed() {}

        public static void main(String[] arguments) {
            Database database = Databases.open(TestDatabase.settings(arguments[0], arguments[1]), Path.of("/none"));
            Blobs blobs = DirectoryBlobs.in(Path.of(arguments[2], "blobs"), Uuid7.system());
            new Backups(
                            database,
                            Optional.of(blobs),
                            Shelf.OBJECTS,
                            new UnsealedTrail(database.connections("doomed", "platform", 1)),
                            "1.2.3",
                            CLOCK)
                    .make(
                            Path.of(arguments[4]),
                            new SavedFiles(Path.of(arguments[2]), Path.of(arguments[3]), List.of(), Set.of()),
                            Circumstances.ofSystemUser("root", CLOCK),
                            OptionalInt.empty(),
                            (step, _, _) -> {
                                if (step == Progress.Step.FILES) {
                                    System.out.println("half");
                                    await();
                                }
                            });
        }

        private static void await() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Another system, to be changed. */
    private Shelf own() throws IOException {
        return new Shelf(fresh(), folder.resolve("own")).filled(THINGS);
    }

    /** A whole backup of the system, to be altered. */
    private Path copyOfPristine() {
        Path copy = folder.resolve(pristine.getFileName());
        try (Stream<Path> all = Files.walk(pristine)) {
            for (Path each : all.toList()) {
                Files.copy(each, copy.resolve(pristine.relativize(each)));
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path backups() {
        return folder.resolve("backups");
    }

    private List<String> names() {
        try (Stream<Path> entries = Files.list(backups())) {
            return entries.map(it -> String.valueOf(it.getFileName())).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Database fresh() {
        Database database = TestDatabase.fresh();
        opened.add(database);
        return database;
    }

    private Blobs restore(Path made, Database target) {
        Blobs blobs = DirectoryBlobs.in(folder.resolve("restored" + opened.size()), Uuid7.system());
        StoredBackup.open(made)
                .restore(target, () -> blobs, Shelf.OBJECTS, List.of(UnsealedTrail::settle), Progress.NONE);
        return blobs;
    }

    private static List<String> rows(Database database) {
        return Shelf.rows(database, "rows-" + System.nanoTime());
    }

    private static List<String> texts(Connections connections, String sql) {
        return connections.autoCommit(c -> Sql.query(c, row -> row.getString(1), sql));
    }

    private boolean mayDelete() {
        return shelf.connections.transaction(DeletionHold::allowsDeletion);
    }

    private List<BlobId> objectsOf(Database database) {
        String role = "objects-" + System.nanoTime();
        return database.connections(role, "keepsake", 1)
                .autoCommit(c -> Sql.query(
                        c,
                        row -> new BlobId(row.getObject(1, UUID.class)),
                        "select object from thing where object is not null order by id"));
    }

    private AuditTrails trails(Database database) throws IOException {
        return AuditTrails.open(
                database, AuditSettings.byDefault(), Files.createDirectories(folder.resolve("keys")), CLOCK);
    }

    private static void assertRefused(Path made, String... sentence) {
        StoredBackup backup = StoredBackup.open(made);
        assertThatThrownBy(() -> backup.check(Progress.NONE))
                .isInstanceOfSatisfying(
                        BackupRefused.class, it -> assertThat(it.kind()).isEqualTo(BackupRefused.Kind.DAMAGED))
                .hasMessageContainingAll(sentence);
    }

    private static Path anyFile(Path made, String... part) throws IOException {
        try (Stream<Path> all = Files.walk(made)) {
            return all.filter(Files::isRegularFile)
                    .filter(it -> Stream.of(part).allMatch(it.toString()::contains))
                    .filter(it -> it.toFile().length() > 0)
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path find(Path folder, String name) throws IOException {
        return anyFile(folder, name);
    }

    /** No row, in PostgreSQL's binary format. */
    private static byte[] emptyCopy() {
        byte[] bytes = new byte[21];
        System.arraycopy("PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, 11);
        bytes[19] = (byte) 0xff;
        bytes[20] = (byte) 0xff;
        return bytes;
    }

    private static boolean mounted(Path place) throws Exception {
        try {
            return new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=64k", "none", place.toString())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
