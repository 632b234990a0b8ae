package tg.gouv.messagerie.platform.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

class DirectoryBlobsTest extends BlobsContract {
    @TempDir
    private Path temporary;

    private Path folder;
    private Blobs blobs;

    @BeforeEach
    void open() {
        folder = temporary.resolve("blobs");
        blobs = DirectoryBlobs.in(folder, Uuid7.system());
    }

    @Override
    Blobs blobs() {
        return blobs;
    }

    @Override
    void damage(BlobId id, int at) throws IOException {
        try (FileChannel file = FileChannel.open(file(id), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            file.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), at);
        }
    }

    @Override
    void cut(BlobId id) throws IOException {
        try (FileChannel file = FileChannel.open(file(id), StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 100);
        }
    }

    @Override
    long count() throws IOException {
        return files().size();
    }

    @Override
    List<String> elsewhere() {
        return List.of("directory", folder.toString());
    }

    @Test
    void isForTheProgramsUserAlone() throws IOException {
        Blob blob = blobs.put(new ByteArrayInputStream(new byte[10]));
        Path file = file(blob.id());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Stream.of(folder, folder.resolve("incoming"), file.getParent()))
                .allSatisfy(each -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .isEqualTo("rwx------"));
    }

    @Test
    void survivesARestart() throws IOException {
        Blob blob = blobs.put(new ByteArrayInputStream(new byte[10]));
        Blobs reopened = DirectoryBlobs.in(folder, Uuid7.system());
        assertThat(reopened.open(blob.id()).orElseThrow().readAllBytes()).isEqualTo(new byte[10]);
    }

    @Test
    void whatACrashCutShortIsSweptOnceItIsADayOld() throws IOException {
        Path old = Files.createFile(folder.resolve("incoming/old"));
        Path recent = Files.createFile(folder.resolve("incoming/recent"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        DirectoryBlobs.in(folder, Uuid7.system());
        assertThat(files()).containsExactly(recent);
    }

    @Test
    void refusesAFolderThatCannotBeMade() throws IOException {
        Path file = Files.createFile(temporary.resolve("a-file"));
        assertThatThrownBy(() -> DirectoryBlobs.in(file.resolve("blobs"), Uuid7.system()))
                .isInstanceOf(BlobsUnavailable.class)
                .hasMessageContaining("The blob folder " + file.resolve("blobs") + " cannot be used")
                .hasMessageContaining("blobs.path");
    }

    @Test
    void isTheDefaultInTheDataDirectory() throws IOException {
        try (Database database = TestDatabase.fresh()) {
            Blobs usual = BlobStores.open(BlobSettings.byDefault(), database, temporary.resolve("data"));
            usual.put(new ByteArrayInputStream(new byte[10]));
        }
        assertThat(temporary.resolve("data/blobs/incoming")).isDirectory();
    }

    private Path file(BlobId id) throws IOException {
        return files().stream()
                .filter(file -> file.endsWith(id.toString()))
                .findFirst()
                .orElseThrow();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
