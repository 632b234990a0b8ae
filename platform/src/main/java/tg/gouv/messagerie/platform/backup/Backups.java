package tg.gouv.messagerie.platform.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.backup.Manifest.ObjectCopies;
import tg.gouv.messagerie.platform.backup.Manifest.SavedCopy;
import tg.gouv.messagerie.platform.backup.Manifest.SchemaCopy;
import tg.gouv.messagerie.platform.backup.Manifest.TableCopy;
import tg.gouv.messagerie.platform.blobs.Blob;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.SchemaVersion;
import tg.gouv.messagerie.platform.database.Snapshot;
import tg.gouv.messagerie.platform.database.Table;

/*
 * In this order: the hold on deletions, the row of the audit trail, the snapshot. So the backup holds the row that tells of it, and
 * no object that the snapshot names is removed before it is copied. Rows and objects are copied by several threads at once; files
 * come last, the manifest after them, the name at the end.
 */
/** Makes backups of a system, beside the program that may be running on it. */
public final class Backups implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);

    /** Each holds a connection and a core. */
    private static final int READERS = 3;

    /** How many names of objects are in memory at once. */
    private static final int OBJECTS_AT_ONCE = 1_000;

    private final Database database;
    private final Optional<Blobs> blobs;
    private final List<ObjectColumn> objects;
    private final AuditTrail trail;
    private final String program;
    private final InstantSource clock;

    /**
     * Makes backups of this.
     *
     * @param database closed with this
     * @param blobs where objects are, unless they are in the database
     * @param objects every column that names an object
     * @param program the version that makes them
     */
    public Backups(
            Database database,
            Optional<Blobs> blobs,
            List<ObjectColumn> objects,
            AuditTrail trail,
            String program,
            InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.objects = List.copyOf(objects);
        this.trail = trail;
        this.program = program;
        this.clock = clock;
    }

    /**
     * What was made.
     *
     * @param folder the backup
     * @param bytes of everything in it
     * @param damaged how many objects the blob store did not have, or not as they were stored: they are not in the backup
     * @param removed older backups that were removed
     */
    public record Done(Path folder, long rows, long objects, long bytes, long damaged, List<Path> removed) {}

    /**
     * Makes a backup; it is whole and durable when this returns, and there is none if this throws.
     *
     * @param directory where the backups are; made if need be
     * @param asked who asks for it
     * @param keep how many backups, the new one included, stay there; the others are removed once the new one is whole, unless
     *     objects are damaged
     * @throws BackupRefused if another is being made, or a disk does not do its work
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL fails
     */
    public Done make(Path directory, SavedFiles files, Circumstances asked, OptionalInt keep, Progress progress) {
        AutoCloseable hold = DeletionHold.take(database.copying());
        try {
            Instant now = clock.instant();
            BackupFolder folder = BackupFolder.begin(directory, now);
            try (folder) {
                trail.record(new AuditEvent.Backup(asked, new Subject(Subject.Kind.BACKUP, folder.name())));
                Optional<Path> previous =
                        BackupFolder.whole(directory).reversed().stream().findFirst();
                Manifest manifest = fill(folder, previous, files, now, progress);
                byte[] bytes = manifest.bytes();
                folder.write(Manifest.FILE, out -> out.write(bytes));
                Path whole = folder.finish();
                LOG.info("event=backup-made folder={}", whole);
                long damaged = manifest.objects().damaged();
                return new Done(
                        whole,
                        rows(manifest),
                        manifest.objects().count(),
                        size(manifest),
                        damaged,
                        damaged == 0 && keep.isPresent() ? prune(directory, keep.getAsInt()) : List.of());
            }
        } catch (IOException e) {
            throw BackupRefused.disk("The backup cannot be written to " + directory, e);
        } finally {
            DeletionHold.release(hold);
        }
    }

    @Override
    public void close() {
        database.close();
    }

    private Manifest fill(
            BackupFolder folder, Optional<Path> previous, SavedFiles files, Instant now, Progress progress)
            throws IOException {
        Snapshot snapshot = database.copying().snapshot(READERS);
        try (snapshot) {
            ExecutorService workers = Executors.newFixedThreadPool(
                    READERS, Thread.ofPlatform().name("backup-", 0).factory());
            try {
                List<SchemaCopy> schemas = rows(folder, snapshot, workers, progress);
                ObjectCopies copied = new ObjectCopier(folder, previous, workers, progress).copy(snapshot);
                List<SavedCopy> saved = files(folder, files, progress);
                return new Manifest(Manifest.FORMAT, program, now.toString(), schemas, copied, saved);
            } finally {
                workers.shutdownNow();
                snapshot.close(); // ends what a failure left under way
                workers.close();
            }
        }
    }

    private static List<SchemaCopy> rows(
            BackupFolder folder, Snapshot snapshot, ExecutorService workers, Progress progress) throws IOException {
        AtomicLong done = new AtomicLong();
        ConcurrentHashMap<Table, TableCopy> copies = new ConcurrentHashMap<>();
        List<Table> tables = snapshot.tables();
        ExecutorCompletionService<Boolean> running = new ExecutorCompletionService<>(workers);
        for (int i = 0; i < tables.size(); i++) {
            Table table = tables.get(i);
            String file = "database/%04d-%s".formatted(i, plain(table.toString()));
            running.submit(() -> {
                AtomicLong rows = new AtomicLong();
                Content content = folder.write(
                        file,
                        out -> rows.set(snapshot.copy(
                                table,
                                new CountedStream(
                                        out,
                                        count -> progress.at(
                                                Progress.Step.DATABASE, done.addAndGet(count), snapshot.bytes())))));
                copies.put(table, new TableCopy(table, rows.get(), content));
                return true;
            });
        }
        awaitAll(running, tables.size());
        List<SchemaCopy> schemas = new ArrayList<>();
        for (SchemaVersion version : snapshot.versions()) {
            schemas.add(new SchemaCopy(
                    version,
                    tables.stream()
                            .filter(it -> it.schema().equals(version.schema()))
                            .map(it -> copy(copies, it))
                            .toList(),
                    snapshot.sequences().stream()
                            .filter(it -> it.schema().equals(version.schema()))
                            .toList()));
        }
        return schemas;
    }

    private static TableCopy copy(Map<Table, TableCopy> copies, Table table) {
        return Optional.ofNullable(copies.get(table)).orElseThrow();
    }

    private static List<SavedCopy> files(BackupFolder folder, SavedFiles files, Progress progress) throws IOException {
        List<SavedCopy> saved = new ArrayList<>();
        List<SavedFiles.Found> found = files.find();
        for (SavedFiles.Found each : found) {
            try (InputStream in = Files.newInputStream(each.file())) {
                Content content =
                        folder.write("files/%04d-%s".formatted(saved.size(), plain(each.path())), in::transferTo);
                saved.add(new SavedCopy(
                        each.place(),
                        each.path(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(each.file())),
                        content));
            } catch (NoSuchFileException e) {
                LOG.info("event=backup-file-gone file={}", each.file()); // such as one that was renamed meanwhile
            }
            progress.at(Progress.Step.FILES, saved.size(), found.size());
        }
        return saved;
    }

    /** The objects that the snapshot names. */
    private final class ObjectCopier {
        private final BackupFolder folder;
        private final Optional<Path> previous;
        private final ExecutorService workers;
        private final Progress progress;
        private final AtomicLong count = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong damaged = new AtomicLong();

        ObjectCopier(BackupFolder folder, Optional<Path> previous, ExecutorService workers, Progress progress) {
            this.folder = folder;
            this.previous = previous;
            this.workers = workers;
            this.progress = progress;
        }

        ObjectCopies copy(Snapshot snapshot) throws IOException {
            Content list = folder.write("objects.txt", out -> {
                if (blobs.isPresent()) {
                    for (ObjectColumn column : objects) {
                        ObjectNames.read(
                                snapshot, column, OBJECTS_AT_ONCE, names -> out.write(lines(names, blobs.get())));
                    }
                }
            });
            return new ObjectCopies(count.get(), bytes.get(), damaged.get(), list);
        }

        private byte[] lines(List<BlobId> names, Blobs store) throws IOException {
            ExecutorCompletionService<Optional<ObjectLine>> running = new ExecutorCompletionService<>(workers);
            names.forEach(id -> running.submit(() -> copy(id, store)));
            StringBuilder lines = new StringBuilder();
            for (Optional<ObjectLine> line : awaitAll(running, names.size())) {
                line.ifPresent(it -> lines.append(it.text()));
            }
            return lines.toString().getBytes(StandardCharsets.US_ASCII);
        }

        /** Copies an object; empty if it was copied already, for another row that names it. */
        private Optional<ObjectLine> copy(BlobId id, Blobs store) throws IOException {
            String file = ObjectLine.file(id);
            if (folder.has(file)) {
                return Optional.empty();
            }
            try {
                Optional<Blob> known = store.find(id);
                if (known.isPresent() && copied(known.get(), file, store)) {
                    bytes.addAndGet(known.get().sizeBytes());
                    progress.at(Progress.Step.OBJECTS, count.incrementAndGet(), 0);
                    return Optional.of(ObjectLine.of(known.get()));
                }
                LOG.error("event=backup-object-missing object={}", id);
            } catch (CorruptBlob e) {
                LOG.error("event=backup-object-damaged object={} reason=\"{}\"", id, e.getMessage());
            }
            damaged.incrementAndGet();
            return Optional.of(new ObjectLine(id, Optional.empty()));
        }

        private boolean copied(Blob blob, String file, Blobs store) throws IOException {
            Content wanted = new Content(file, blob.sizeBytes(), blob.sha256());
            if (previous.isPresent() && folder.share(previous.get().resolve(file), wanted)) {
                return true;
            }
            Optional<InputStream> opened;
            try {
                opened = store.open(blob.id());
            } catch (BlobsUnavailable e) {
                throw new IOException(e.getMessage(), e);
            }
            if (opened.isEmpty()) {
                return false;
            }
            try (InputStream in = opened.get()) {
                return folder.write(file, in::transferTo).equals(wanted); // the stream checks its SHA-256 itself
            }
        }
    }

    /** Waits for everything; the first failure is thrown at once. */
    private static <T> List<T> awaitAll(ExecutorCompletionService<T> running, int count) throws IOException {
        List<T> results = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                results.add(running.take().get());
            }
            return results;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException it -> throw it;
                case UncheckedIOException it -> throw it.getCause();
                case RuntimeException it -> throw it;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static List<Path> prune(Path directory, int keep) throws IOException {
        List<Path> whole = BackupFolder.whole(directory.toAbsolutePath().normalize());
        List<Path> removed = whole.subList(0, Math.max(0, whole.size() - Math.max(1, keep)));
        for (Path each : removed) {
            BackupFolder.removeWhole(each);
        }
        return List.copyOf(removed);
    }

    private static long rows(Manifest manifest) {
        return manifest.schemas().stream()
                .flatMap(it -> it.tables().stream())
                .mapToLong(TableCopy::rows)
                .sum();
    }

    private static long size(Manifest manifest) {
        return manifest.schemas().stream()
                        .flatMap(it -> it.tables().stream())
                        .mapToLong(it -> it.content().bytes())
                        .sum()
                + manifest.objects().bytes()
                + manifest.objects().list().bytes()
                + manifest.files().stream()
                        .mapToLong(it -> it.content().bytes())
                        .sum();
    }

    /** A name as a file bears it, for people who look. */
    private static String plain(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_.-]", "_");
        return plain.length() <= 80 ? plain : plain.substring(plain.length() - 80);
    }
}
