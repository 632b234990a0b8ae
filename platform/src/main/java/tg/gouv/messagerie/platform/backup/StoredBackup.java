package tg.gouv.messagerie.platform.backup;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.backup.Manifest.Place;
import tg.gouv.messagerie.platform.backup.Manifest.SavedCopy;
import tg.gouv.messagerie.platform.backup.Manifest.SchemaCopy;
import tg.gouv.messagerie.platform.backup.Manifest.TableCopy;
import tg.gouv.messagerie.platform.blobs.Blob;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;
import tg.gouv.messagerie.platform.database.Copying;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.SequenceState;
import tg.gouv.messagerie.platform.database.Snapshot;
import tg.gouv.messagerie.platform.database.Table;

/*
 * Nothing is taken over from a backup before all of it was compared with its manifest; while it is taken over, each file is compared
 * again, in the same reading. Files are only ever written below the data directory, whatever the manifest says.
 */
/** A backup that was made, to look at and to put back. */
public final class StoredBackup {
    private static final Logger LOG = LoggerFactory.getLogger(StoredBackup.class);
    private static final int BUFFER_BYTES = 128 * 1024;
    private static final int FAULTS_TOLD = 5;
    private static final int MANIFEST_BYTES_MAX = 64 << 20;

    private final Path folder;
    private final Manifest manifest;

    private StoredBackup(Path folder, Manifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /**
     * Reads a backup's manifest.
     *
     * @throws BackupRefused if there is no backup here, or a newer program made it
     */
    public static StoredBackup open(Path folder) {
        Path where = folder.toAbsolutePath().normalize();
        Path file = where.resolve(Manifest.FILE);
        if (!Files.isRegularFile(file)) {
            throw new BackupRefused(
                    BackupRefused.Kind.MISSING,
                    "There is no backup in " + where + ": name a folder with a file " + Manifest.FILE
                            + ", such as the ones that « messagerie backup » makes.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new StoredBackup(where, Manifest.of(in.readNBytes(MANIFEST_BYTES_MAX), file));
        } catch (IOException e) {
            throw BackupRefused.disk("The backup " + where + " cannot be read", e);
        }
    }

    /** The backup's name: when it was made. */
    public String name() {
        return String.valueOf(folder.getFileName());
    }

    /** The version of the program that made it. */
    public String program() {
        return manifest.program();
    }

    /** How many objects were missing or damaged when it was made. */
    public long damaged() {
        return manifest.objects().damaged();
    }

    /**
     * Compares everything with the manifest.
     *
     * @return how many files fit, which is all of them
     * @throws BackupRefused if something is missing or altered; it names the first of it
     */
    public long check(Progress progress) {
        AtomicLong files = new AtomicLong();
        AtomicLong done = new AtomicLong();
        List<String> faults = new ArrayList<>();
        long bytes =
                contents().mapToLong(Content::bytes).sum() + manifest.objects().bytes();
        Checking checking = content -> {
            fault(content).ifPresent(faults::add);
            files.incrementAndGet();
            progress.at(Progress.Step.CHECK, done.addAndGet(content.bytes()), bytes);
        };
        try {
            for (Content content : contents().toList()) {
                checking.check(content);
            }
            if (faults.isEmpty()) {
                AtomicLong objects = new AtomicLong();
                eachObject(blob -> {
                    objects.incrementAndGet();
                    checking.check(content(blob));
                });
                if (objects.get() != manifest.objects().count()) {
                    faults.add(manifest.objects().list().file() + " names " + objects + " objects instead of "
                            + manifest.objects().count());
                }
            }
        } catch (IOException e) {
            throw BackupRefused.disk("The backup " + folder + " cannot be read", e);
        }
        if (!faults.isEmpty()) {
            String more = faults.size() > FAULTS_TOLD ? "; and " + (faults.size() - FAULTS_TOLD) + " more" : "";
            throw damaged(String.join("; ", faults.subList(0, Math.min(FAULTS_TOLD, faults.size()))) + more);
        }
        return files.get();
    }

    /** A file of the data directory, as text. */
    public Optional<String> text(String path) {
        return manifest.files().stream()
                .filter(it -> it.place() == Place.DATA && it.path().equals(path))
                .findFirst()
                .map(it -> new String(read(it.content()), StandardCharsets.UTF_8));
    }

    /** Where the copies of files are that were not in the data directory: they are put back by hand. */
    public List<Elsewhere> elsewhere() {
        return manifest.files().stream()
                .filter(it -> it.place() != Place.DATA)
                .map(it -> new Elsewhere(it.path(), folder.resolve(it.content().file()), it.place() == Place.SETTINGS))
                .toList();
    }

    /**
     * A file that was not in the data directory.
     *
     * @param was where it was
     * @param copy where its copy is
     */
    public record Elsewhere(String was, Path copy, boolean isSettings) {}

    /**
     * Writes the files of the data directory, each with the rights it had.
     *
     * @param data a directory that has none of them
     * @param except those that are not written
     * @throws BackupRefused if a file is damaged or cannot be written
     */
    public void restoreFiles(Path data, Set<String> except) {
        for (SavedCopy each : manifest.files()) {
            if (each.place() == Place.DATA && !except.contains(each.path())) {
                Path file = data.resolve(each.path()).normalize();
                if (!file.startsWith(data)) {
                    throw damaged(each.path() + " is no file of a data directory");
                }
                write(file, each.mode(), read(each.content()));
            }
        }
    }

    /** What a part of the program does with its rows once they are back, in the same transaction. */
    @FunctionalInterface
    public interface Settling {
        void settle(Connection connection) throws SQLException;
    }

    /**
     * Fills an empty database and its blob store; when this returns all of it is durable.
     *
     * @param store opens where objects are to be kept, once the tables are there
     * @param objects every column that names an object
     * @throws BackupRefused if the database is not empty, or the backup is damaged; no row is in the database then
     * @throws tg.gouv.messagerie.platform.database.DatabaseRefused if this program cannot make the tables of the backup
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL fails; no row is in the database then
     */
    public void restore(
            Database database,
            Supplier<Blobs> store,
            List<ObjectColumn> objects,
            List<Settling> settlings,
            Progress progress) {
        Copying copying = database.copying();
        AutoCloseable hold = DeletionHold.take(copying);
        try {
            restore(copying, store, objects, settlings, progress);
        } finally {
            DeletionHold.release(hold);
        }
    }

    private void restore(
            Copying copying,
            Supplier<Blobs> store,
            List<ObjectColumn> objects,
            List<Settling> settlings,
            Progress progress) {
        copying.filled().ifPresent(table -> {
            throw new BackupRefused(
                    BackupRefused.Kind.OCCUPIED,
                    "The database holds data already (" + table
                            + "): a backup is only put into an empty one. Name another"
                            + " database in database.url, or drop this one and create it anew.");
        });
        fillWhole(copying, settlings, progress);
        try {
            Blobs blobs = store.get();
            AtomicLong back = new AtomicLong();
            eachObject(blob -> {
                bringBack(blob, blobs);
                progress.at(
                        Progress.Step.OBJECTS_BACK,
                        back.incrementAndGet(),
                        manifest.objects().count());
            });
            demandObjects(copying, blobs, objects);
        } catch (IOException e) {
            throw BackupRefused.disk("The backup " + folder + " cannot be put back", e);
        }
    }

    /** Makes and fills the tables, or leaves the database as it was. */
    private void fillWhole(Copying copying, List<Settling> settlings, Progress progress) {
        Set<String> made = manifest.schemas().stream()
                .map(it -> it.version().schema())
                .collect(Collectors.toCollection(TreeSet::new));
        made.removeAll(copying.schemas());
        try {
            for (SchemaCopy schema : manifest.schemas()) {
                copying.migrate(schema.version());
            }
            fill(copying, settlings, progress);
        } catch (IOException e) {
            copying.drop(made);
            throw BackupRefused.disk("The backup " + folder + " cannot be put back", e);
        } catch (RuntimeException e) {
            undo(copying, made, e);
            throw e;
        }
    }

    private static void undo(Copying copying, Set<String> made, RuntimeException failure) {
        try {
            copying.drop(made);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void fill(Copying copying, List<Settling> settlings, Progress progress) throws IOException {
        long rows = manifest.schemas().stream()
                .flatMap(it -> it.tables().stream())
                .mapToLong(TableCopy::rows)
                .sum();
        AtomicLong done = new AtomicLong();
        copying.<RuntimeException>fill(manifest.tables(), filling -> {
            for (SchemaCopy schema : manifest.schemas()) {
                for (TableCopy copy : schema.tables()) {
                    fill(filling, copy);
                    progress.at(Progress.Step.ROWS, done.addAndGet(copy.rows()), rows);
                }
                for (SequenceState sequence : schema.sequences()) {
                    filling.sequence(sequence);
                }
            }
            for (Settling settling : settlings) {
                settling.settle(filling.connection());
            }
        });
    }

    private void fill(Copying.Filling filling, TableCopy copy) throws SQLException, IOException {
        MessageDigest digest = BackupFolder.sha256();
        Table table = copy.table();
        try (InputStream in = new DigestInputStream(
                new BufferedInputStream(Files.newInputStream(file(copy.content())), BUFFER_BYTES), digest)) {
            long rows = filling.table(table, in);
            in.transferTo(OutputStream.nullOutputStream());
            if (rows != copy.rows()) {
                throw damaged(
                        copy.content().file() + " has " + rows + " rows of " + table + " instead of " + copy.rows());
            }
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(copy.content().sha256())) {
            throw damaged(copy.content().file() + " was altered meanwhile");
        }
    }

    private void bringBack(Blob blob, Blobs blobs) throws IOException {
        try (InputStream in = Files.newInputStream(file(content(blob)))) {
            Blob stored = blobs.put(blob.id(), in);
            if (!stored.equals(blob)) {
                throw damaged(ObjectLine.file(blob.id()) + " was altered meanwhile");
            }
        }
    }

    /** Every object that a row names must be there, but for those that were damaged before. */
    private void demandObjects(Copying copying, Blobs blobs, List<ObjectColumn> objects) throws IOException {
        AtomicLong missing = new AtomicLong();
        Snapshot snapshot = copying.snapshot(1);
        try (snapshot) {
            for (ObjectColumn column : objects) {
                ObjectNames.read(
                        snapshot,
                        column,
                        1_000,
                        names -> missing.addAndGet(names.stream()
                                .filter(id -> isMissing(id, blobs))
                                .count()));
            }
        }
        if (missing.get() > manifest.objects().damaged()) {
            throw new BackupRefused(
                    BackupRefused.Kind.DAMAGED,
                    "Rows name " + missing + " objects that the blob store does not have: is blobs.kind of the settings"
                            + " what it was when " + name() + " was made? Begin again with an empty database.");
        }
    }

    private static boolean isMissing(BlobId id, Blobs blobs) {
        try {
            return blobs.find(id).isEmpty();
        } catch (CorruptBlob e) {
            LOG.error("event=restored-object-damaged object={} reason=\"{}\"", id, e.getMessage());
            return true;
        }
    }

    /** What is compared. */
    @FunctionalInterface
    private interface Checking {
        void check(Content content) throws IOException;
    }

    /** What is done with an object. */
    @FunctionalInterface
    private interface Taking {
        void take(Blob blob) throws IOException;
    }

    /** Every object that the backup has. */
    private void eachObject(Taking taking) throws IOException {
        try (BufferedReader lines =
                Files.newBufferedReader(file(manifest.objects().list()), StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<Blob> blob;
                try {
                    blob = ObjectLine.parse(line).blob();
                } catch (IllegalArgumentException e) {
                    throw damaged(manifest.objects().list().file() + " is not a list of objects");
                }
                if (blob.isPresent()) {
                    taking.take(blob.get());
                }
            }
        }
    }

    private Stream<Content> contents() {
        return Stream.of(
                        manifest.schemas().stream()
                                .flatMap(it -> it.tables().stream())
                                .map(TableCopy::content),
                        Stream.of(manifest.objects().list()),
                        manifest.files().stream().map(SavedCopy::content))
                .flatMap(it -> it);
    }

    private static Content content(Blob blob) {
        return new Content(ObjectLine.file(blob.id()), blob.sizeBytes(), blob.sha256());
    }

    private Optional<String> fault(Content content) throws IOException {
        Path file = file(content);
        if (!Files.isRegularFile(file)) {
            return Optional.of(content.file() + " is missing");
        }
        return BackupFolder.holds(file, content)
                ? Optional.empty()
                : Optional.of(content.file() + " is not as it was written");
    }

    private Path file(Content content) {
        return folder.resolve(content.file());
    }

    private byte[] read(Content content) {
        try {
            byte[] bytes = Files.readAllBytes(file(content));
            if (!HexFormat.of().formatHex(BackupFolder.sha256().digest(bytes)).equals(content.sha256())) {
                throw damaged(content.file() + " is not as it was written");
            }
            return bytes;
        } catch (IOException e) {
            throw BackupRefused.disk("The backup " + folder + " cannot be read", e);
        }
    }

    private static void write(Path file, String mode, byte[] bytes) {
        Path around = Objects.requireNonNull(file.getParent());
        try {
            Files.createDirectories(
                    around, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            try (FileChannel directory = FileChannel.open(around, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw BackupRefused.disk(file + " cannot be written", e);
        }
    }

    private BackupRefused damaged(String what) {
        return new BackupRefused(
                BackupRefused.Kind.DAMAGED,
                "The backup " + folder + " is damaged: " + what + ". Nothing of it was used; take another one.");
    }
}
