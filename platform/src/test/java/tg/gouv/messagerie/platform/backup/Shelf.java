package tg.gouv.messagerie.platform.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.UnsealedTrail;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.blobs.DirectoryBlobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;

/** A small system that is worth a backup: the schemas {@code platform} and {@code keepsake}, objects, and files. */
final class Shelf implements AutoCloseable {
    static final List<ObjectColumn> OBJECTS = List.of(new ObjectColumn("keepsake", "thing", "object"));

    final Database database;
    final Path data;
    final Path settings;
    final Blobs blobs;
    final Connections connections;

    /** An empty system whose data directory is in this folder. */
    Shelf(Database database, Path folder) throws IOException {
        this.database = database;
        this.data = Files.createDirectories(folder.resolve("data"));
        this.settings = folder.resolve("messagerie.toml");
        database.migrate("platform");
        database.migrate("keepsake");
        this.connections = database.connections("shelf", "keepsake", 4);
        this.blobs = DirectoryBlobs.in(data.resolve("blobs"), Uuid7.system());
    }

    /** Fills it with things, every third of which has an object. */
    Shelf filled(int things) throws IOException {
        Files.createDirectories(data.resolve("tls"));
        Files.writeString(data.resolve("tls/server.key"), "the key");
        Files.createDirectories(data.resolve("run"));
        Files.writeString(data.resolve("run/lock"), "1");
        Files.writeString(settings, "data = \"" + data + "\"\n");
        connections.autoCommit(c -> Sql.update(c, "insert into shelf(name, above) values ('second « é »', 1)"));
        for (int i = 1; i <= things; i++) {
            put(i, i % 3 == 0);
        }
        connections.autoCommit(c -> Sql.update(c, "update shelf set best = 1"));
        connections.autoCommit(
                c -> Sql.update(c, "insert into day values ('2026-11-26', 'today'), ('1999-01-01', '')"));
        connections.autoCommit(c -> Sql.first(c, row -> row.getLong(1), "select nextval('ticket')"));
        return this;
    }

    /** Puts a thing on a shelf. */
    Optional<BlobId> put(long id, boolean withObject) {
        byte[] bytes = new byte[2_000];
        new Random(id).nextBytes(bytes);
        Optional<BlobId> object;
        try {
            object = withObject
                    ? Optional.of(blobs.put(new ByteArrayInputStream(bytes)).id())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.autoCommit(c -> Sql.update(
                c,
                "insert into thing(id, shelf_id, \"Words\", said, bytes, object)"
                        + " values (?, 1 + ? % 2, array['a', null, 'é\"{}'], '{\"n\": 1}', ?, ?)",
                id,
                id,
                bytes,
                object.map(BlobId::value).orElse(null)));
        return object;
    }

    /** Makes a backup. */
    Backups.Done backup(Path directory, OptionalInt keep, InstantSource clock, Progress progress) {
        // The database is the test's to close.
        Backups backups =
                new Backups(database, Optional.of(blobs), OBJECTS, new UnsealedTrail(connections), "1.2.3", clock);
        return backups.make(
                directory,
                new SavedFiles(data, settings, List.of(), Set.of()),
                Circumstances.ofSystemUser("root", clock),
                keep,
                progress);
    }

    /** Makes a backup with nobody watching. */
    Backups.Done backup(Path directory) {
        return backup(directory, OptionalInt.empty(), Clock.systemUTC(), Progress.NONE);
    }

    /** Every row of the two schemas as text, in order, but for the audit trail. */
    static List<String> rows(Database database, String role) {
        Connections connections = database.connections(role, "keepsake", 1);
        return connections.autoCommit(c -> Sql.query(c, row -> row.getString(1), """
                select 'shelf ' || s::text from shelf s union all select 'thing ' || t::text from thing t union all select 'tally ' || y::text from tally y
                union all select 'day ' || d::text from day d
                union all select 'ticket ' || last_value || is_called from ticket
                union all select 'history ' || m.version || m.installed_on from migrations m where version is not null
                order by 1"""));
    }

    @Override
    public void close() {
        database.close();
    }
}
