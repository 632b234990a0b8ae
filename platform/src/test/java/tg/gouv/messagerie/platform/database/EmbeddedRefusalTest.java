package tg.gouv.messagerie.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** What an administrator reads when the private PostgreSQL must not or cannot run: what, where, what to do. */
class EmbeddedRefusalTest {
    private static final Path BASE = TestServer.folder().resolve("refusals");
    private static final EmbeddedSettings USUAL = EmbeddedSettings.byDefault();

    private final List<Path> made = new ArrayList<>();

    @BeforeEach
    void begin() throws IOException {
        Files.createDirectories(BASE);
    }

    @AfterEach
    void end() throws IOException {
        for (Path each : made) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwx------"));
            Folders.remove(each);
        }
    }

    @Test
    void aDataDirectoryThatCannotBeMade() throws IOException {
        Path file = Files.createTempFile(BASE, "a-file", "");
        made.add(file);
        refused(USUAL, file.resolve("data"))
                .hasMessageStartingWith("The data directory " + file.resolve("data") + " cannot be made");
    }

    @Test
    void aDataDirectoryOfAnotherUser() throws IOException {
        Path data;
        if (ServerUser.effectiveUid() == 0) {
            data = directory("of-another-user");
            ServerUser.choose(Optional.empty()).own(data);
        } else {
            data = Path.of("/usr"); // of root, everywhere
        }
        refused(USUAL, data)
                .hasMessageContaining("The data directory " + data + " belongs to user")
                .hasMessageContaining("and this program runs as " + System.getProperty("user.name"));
        assertThat(data.resolve("postgresql")).doesNotExist();
    }

    @Test
    void aDataDirectoryThatMayNotBeWritten() throws IOException {
        assumeThat(ServerUser.effectiveUid()).as("root may write everywhere").isNotZero();
        Path data = directory("read-only");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
        refused(USUAL, data).hasMessageContaining("cannot be written");
    }

    @Test
    void aDataDirectoryThatPostgresqlsUserMayNotEnter() throws IOException {
        assumeThat(ServerUser.effectiveUid())
                .as("only root has another user run PostgreSQL")
                .isZero();
        Path closed = directory("closed");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        refused(USUAL, closed.resolve("data"))
                .hasMessageContaining("who may not enter " + closed)
                .hasMessageContaining("/var/lib/messagerie");
    }

    @Test
    void aUserThatDoesNotExist() throws IOException {
        assumeThat(ServerUser.effectiveUid())
                .as("only root has another user run PostgreSQL")
                .isZero();
        EmbeddedSettings settings = new EmbeddedSettings(
                0,
                USUAL.sharedBuffers(),
                USUAL.connectionsMax(),
                Optional.of("nobody-at-all"),
                USUAL.startTimeout(),
                USUAL.stopTimeout());
        refused(settings, directory("no-user")).hasMessageContaining("no unprivileged user nobody-at-all");
    }

    @Test
    void aClusterOfAnotherPostgresqlVersion() throws IOException {
        Path data = directory("other-version");
        Files.writeString(cluster(data).resolve("PG_VERSION"), "17\n");
        refused(USUAL, data)
                .hasMessageContaining("belongs to PostgreSQL 17, this program brings " + ServerBinaries.MAJOR);
        assertThat(files(cluster(data))).containsExactly("PG_VERSION");
    }

    @Test
    void aClusterFolderWithFilesThatAreNotOurs() throws IOException {
        Path data = directory("foreign-files");
        Files.writeString(cluster(data).resolve("holiday.jpg"), "not a database");
        refused(USUAL, data).hasMessageContaining("but no PostgreSQL cluster");
        assertThat(files(cluster(data))).containsExactly("holiday.jpg");
    }

    @Test
    void aClusterWhosePasswordFileIsGone() throws IOException {
        Path data = directory("no-password");
        Files.writeString(cluster(data).resolve("PG_VERSION"), ServerBinaries.MAJOR + "\n");
        refused(USUAL, data)
                .hasMessageContaining("put back")
                .hasMessageContaining("postgresql/postgres.password from the backup");
    }

    @Test
    void aPasswordFileThatIsNotTheClusters() throws IOException {
        Path data = BASE.resolve("wrong-password");
        EmbeddedServer.start(USUAL, data).close();
        Path file = data.resolve("postgresql/postgres.password");
        String right = Files.readString(file);
        Files.writeString(file, "guessed");
        refused(USUAL, data).hasMessageContaining("refuses the password in " + file);
        Files.writeString(file, right);
        EmbeddedServer.start(USUAL, data).close();
    }

    @Test
    void aPortSomebodyElseListensOn() throws IOException {
        Path data = BASE.resolve("wrong-password"); // any cluster will do
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            EmbeddedSettings settings = new EmbeddedSettings(
                    taken.getLocalPort(),
                    USUAL.sharedBuffers(),
                    USUAL.connectionsMax(),
                    USUAL.runAs(),
                    USUAL.startTimeout(),
                    USUAL.stopTimeout());
            refused(settings, data)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " of 127.0.0.1")
                    .hasMessageContaining("is already in use");
        }
    }

    @Test
    void anOptionThatPostgresqlRefusesIsToldInItsOwnWords() {
        EmbeddedSettings settings = new EmbeddedSettings(
                0,
                new ByteSize(1L << 52),
                USUAL.connectionsMax(),
                USUAL.runAs(),
                USUAL.startTimeout(),
                USUAL.stopTimeout());
        refused(settings, BASE.resolve("wrong-password"))
                .hasMessageContaining("cannot start")
                .hasMessageContaining("shared_buffers");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(EmbeddedSettings settings, Path data) {
        return assertThatThrownBy(() -> EmbeddedServer.start(settings, data).close())
                .isInstanceOf(DatabaseRefused.class);
    }

    private Path directory(String name) throws IOException {
        Path directory = Files.createTempDirectory(
                BASE, name, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        made.add(directory);
        return directory;
    }

    private static Path cluster(Path data) throws IOException {
        return Files.createDirectories(data.resolve("postgresql/cluster"));
    }

    private static List<String> files(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
