package tg.gouv.messagerie.platform.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

class PostgresBlobsTest extends BlobsContract {
    private static Database database;
    private static Connections connections;
    private static PostgresBlobs blobs;

    @BeforeAll
    static void open() {
        database = TestDatabase.fresh();
        database.migrate("platform");
        connections = database.connections("test", "platform", 4);
        blobs = new PostgresBlobs(database.connections("blobs", "platform", 4), Uuid7.system());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        connections.autoCommit(c -> Sql.update(c, "truncate blob cascade"));
    }

    @Override
    Blobs blobs() {
        return blobs;
    }

    @Override
    void damage(BlobId id, int at) {
        int number = at / PostgresBlobs.CHUNK_BYTES;
        int within = at % PostgresBlobs.CHUNK_BYTES;
        connections.autoCommit(c -> Sql.update(
                c,
                "update blob_chunk set bytes = set_byte(bytes, ?, 255 - get_byte(bytes, ?))"
                        + " where blob_id = ? and number = ?",
                within,
                within,
                id.value(),
                number));
    }

    @Override
    void cut(BlobId id) {
        connections.autoCommit(
                c -> Sql.update(c, "delete from blob_chunk where blob_id = ? and number = 1", id.value()));
    }

    @Override
    long count() {
        return connections.autoCommit(c -> Sql.first(
                        c,
                        row -> row.getLong(1),
                        "select count(*) from (select id from blob union select blob_id from blob_chunk) as whole")
                .orElseThrow());
    }

    @Override
    List<String> elsewhere() {
        return List.of("postgresql", TestDatabase.url(database), TestDatabase.password());
    }

    @Test
    void whatACrashCutShortIsSweptOnceItIsADayOld() throws IOException {
        arriving(Duration.ofDays(2));
        BlobId today = arriving(Duration.ofHours(1));
        Blob whole = blobs.put(new ByteArrayInputStream(new byte[10]));
        blobs.sweep();
        assertThat(count()).isEqualTo(2);
        assertThat(blobs.open(whole.id())).isPresent();
        assertThat(blobs.open(today)).as("what still arrives has no reader").isEmpty();
    }

    @Test
    void saysWhetherTryingAgainCanHelpWhenTheDatabaseFails() {
        try (Database lost = TestDatabase.fresh()) { // its schema was never made
            Blobs nowhere = new PostgresBlobs(lost.connections("lost", "platform", 1), Uuid7.system());
            assertThatThrownBy(() -> nowhere.put(new ByteArrayInputStream(new byte[10])))
                    .isInstanceOfSatisfying(
                            BlobsUnavailable.class,
                            failure -> assertThat(failure.worthRetrying()).isFalse());
        }
    }

    private static BlobId arriving(Duration ago) {
        UUID id = new Uuid7(InstantSource.fixed(Instant.now().minus(ago)), new Random(1)).next();
        connections.transaction(c -> {
            Sql.update(c, "insert into blob(id, chunk_bytes) values (?, 10)", id);
            return Sql.update(c, "insert into blob_chunk(blob_id, number, bytes) values (?, 0, ?)", id, new byte[10]);
        });
        return new BlobId(id);
    }
}
