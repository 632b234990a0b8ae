package tg.gouv.messagerie.mail.jmap.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.blob.api.HashBlobId;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.model.Upload;
import org.apache.james.jmap.api.model.UploadId;
import org.apache.james.jmap.api.model.UploadMetaData;
import org.apache.james.jmap.api.model.UploadNotFoundException;
import org.apache.james.jmap.api.upload.UploadRepository;
import org.apache.james.mailbox.model.ContentType;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import tg.gouv.messagerie.platform.blobs.Blob;
import tg.gouv.messagerie.platform.blobs.BlobId;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * A large upload is durable as an object before the row that names it: a crash in between leaves an object that no row names,
 * never a row without its object. A row that goes puts its object into unnamed_object in the same transaction; the hourly sweep of
 * bodies (mail.postgres.ReleasedBodies) deletes it. No backup needs the object longer than the row: an upload is a parcel
 * on its way, and a restored row whose object is gone is answered as an upload that expired.
 */
/** Bytes that clients sent, until a message uses them or they expire (RFC 8620 section 6.1). */
final class PostgresUploads implements UploadRepository {
    /** As for the bodies of messages. */
    private static final int INLINE_BYTES_MAX = 32 * 1024;

    /** One transaction's worth of a sweep. */
    private static final int BATCH = 500;

    private static final HashBlobId.Factory BLOB_IDS = new HashBlobId.Factory();

    private static final String INSERT =
            "insert into jmap_upload(id, owner_id, at, content_type, size_bytes, bytes, object) values (?, ?, ?, ?, ?, ?, ?)";

    /** The oldest go first; the newest stays, however large (RFC 8620 section 6). */
    private static final String MAKE_ROOM = """
            with u as (
                select id, sum(size_bytes) over (order by at desc, id desc) as total from jmap_upload where owner_id = ?),
            gone as (
                delete from jmap_upload d using u where d.id = u.id and u.total > ? and d.id <> ? returning d.object)
            insert into unnamed_object(object) select object from gone where object is not null on conflict do nothing""";

    private static final String EXPIRE = """
            with old as (select id from jmap_upload where at < ? limit %d for update skip locked),
            gone as (delete from jmap_upload d using old where d.id = old.id returning d.object),
            unnamed as (
                insert into unnamed_object(object) select object from gone where object is not null on conflict do nothing)
            select count(*) from gone""".formatted(BATCH);

    private final JmapConnections connections;
    private final Blobs blobs;
    private final Uuid7 ids;
    private final Clock clock;
    private final long bytesMax;
    private final Duration retention;

    PostgresUploads(JmapConnections connections, Blobs blobs, Uuid7 ids, Clock clock, JmapSettings settings) {
        this.connections = connections;
        this.blobs = blobs;
        this.ids = ids;
        this.clock = clock;
        this.bytesMax = settings.uploadsMax().bytes();
        this.retention = settings.uploadRetention();
    }

    /** Keeps the bytes, durably when this completes; uploads of the account that have no room beside it are gone then. */
    @Override
    public Publisher<UploadMetaData> upload(InputStream bytes, ContentType type, Username user) {
        Objects.requireNonNull(bytes);
        Objects.requireNonNull(type);
        return connections.later(() -> {
            UUID owner = connections.demand(user);
            Kept kept = keep(bytes);
            return connections.transaction(c -> insert(c, owner, type, kept));
        });
    }

    @SuppressWarnings("ArrayRecordComponent") // bound as a parameter, never compared
    private record Kept(
            long size, byte @Nullable [] bytes, @Nullable BlobId object) {}

    private Kept keep(InputStream in) throws IOException {
        byte[] beginning = in.readNBytes(INLINE_BYTES_MAX + 1);
        if (beginning.length <= INLINE_BYTES_MAX) {
            return new Kept(beginning.length, beginning, null);
        }
        Blob blob = blobs.put(new SequenceInputStream(new ByteArrayInputStream(beginning), in));
        return new Kept(blob.sizeBytes(), null, blob.id());
    }

    private UploadMetaData insert(Connection c, UUID owner, ContentType type, Kept kept) throws SQLException {
        UUID id = ids.next();
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        BlobId object = kept.object();
        Sql.update(
                c,
                INSERT,
                id,
                owner,
                now,
                type.asString().replace("\u0000", ""),
                kept.size(),
                kept.bytes(),
                object == null ? null : object.value());
        Sql.update(c, MAKE_ROOM, owner, bytesMax, id);
        return metaData(id, type, kept.size());
    }

    private static UploadMetaData metaData(UUID id, ContentType type, long size) {
        return UploadMetaData.from(UploadId.from(id), type, size, BLOB_IDS.from(id.toString()));
    }

    @Override
    public Publisher<Upload> retrieve(UploadId id, Username user) {
        Objects.requireNonNull(id);
        return connections.later(() -> connections
                .find(user)
                .flatMap(owner -> find(id.getId(), owner))
                .map(this::upload)
                .orElseThrow(() -> new UploadNotFoundException(id)));
    }

    private Optional<Row> find(UUID id, UUID owner) {
        return connections.run(c -> Sql.first(
                c,
                Row::read,
                "select id, content_type, size_bytes, bytes, object from jmap_upload"
                        + " where id = ? and owner_id = ? and at >= ?",
                id,
                owner,
                oldest()));
    }

    private OffsetDateTime oldest() {
        return clock.instant().minus(retention).atOffset(ZoneOffset.UTC);
    }

    private Upload upload(Row row) {
        return Upload.from(metaData(row.id(), ContentType.of(row.type()), row.size()), () -> open(row));
    }

    private InputStream open(Row row) {
        if (row.bytes() != null) {
            return new ByteArrayInputStream(row.bytes());
        }
        return Optional.ofNullable(row.object())
                .flatMap(object -> blobs.open(new BlobId(object)))
                .orElseThrow(() -> new UploadNotFoundException(UploadId.from(row.id())));
    }

    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    private record Row(
            UUID id,
            String type,
            long size,
            byte @Nullable [] bytes,
            @Nullable UUID object) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getObject("id", UUID.class),
                    row.getString("content_type"),
                    row.getLong("size_bytes"),
                    row.getBytes("bytes"),
                    row.getObject("object", UUID.class));
        }
    }

    /** Removes the uploads that expired, and returns how many there were. */
    int sweep() {
        OffsetDateTime before = oldest();
        int all = 0;
        int some;
        do {
            some = connections
                    .run(c -> Sql.first(c, row -> row.getInt(1), EXPIRE, before))
                    .orElse(0);
            all += some;
        } while (some == BATCH);
        return all;
    }
}
