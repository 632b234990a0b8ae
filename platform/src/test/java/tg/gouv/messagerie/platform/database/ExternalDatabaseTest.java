package tg.gouv.messagerie.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import tg.gouv.messagerie.platform.settings.Secret;

/** A PostgreSQL that an administrator names by its URL: used when it is sound, refused with a sentence when not. */
class ExternalDatabaseTest {
    private static final DatabaseSettings USUAL = DatabaseSettings.embeddedByDefault();
    private static final Path NO_DATA_DIRECTORY = Path.of("/nowhere");

    @Test
    void isUsedByItsUrl() {
        try (Database fresh = TestDatabase.fresh();
                Database database = Databases.open(settings(TestDatabase.address(name(fresh))), NO_DATA_DIRECTORY)) {
            database.migrate("specimen");
            assertThat(database.connections("writer", "specimen", 1)
                            .<Integer, RuntimeException>transaction(
                                    c -> Sql.update(c, "insert into thing(name) values ('kept')")))
                    .isEqualTo(1);
            assertThat(database.processId()).isEmpty();
            assertThat(database.answers()).isTrue();
        }
        assertThat(NO_DATA_DIRECTORY).doesNotExist();
    }

    @Test
    void aWrongPasswordIsRefused() {
        ServerAddress right = TestDatabase.address("postgres");
        refused(settings(right.url(), new Secret("guessed"), Optional.empty()))
                .hasMessageContaining("refuses user messagerie")
                .hasMessageContaining(ExternalUrl.where(right.url()))
                .hasMessageContaining("check database.user and the password file");
    }

    @Test
    void aDatabaseThatDoesNotExistIsRefused() {
        refused(settings(TestDatabase.address("never_made")))
                .hasMessageContaining("has no database never_made: create it, owned by messagerie");
    }

    @Test
    void aServerOutOfReachIsRefused() throws IOException {
        int port = ServerPort.choose(EmbeddedSettings.byDefault()); // nobody listens there
        refused(settings(ServerAddress.embedded(port, "messagerie", "messagerie", new Secret(""))))
                .hasMessageContaining("PostgreSQL at 127.0.0.1:" + port + " cannot be used");
    }

    @Test
    void aServerThatIsTooOldIsRefused() {
        assertThatThrownBy(() -> ServerDemands.checkVersion(14, "db.gouv.tg:5432"))
                .isInstanceOf(DatabaseRefused.class)
                .hasMessage("PostgreSQL at db.gouv.tg:5432 is version 14: 15 or later is needed.");
        assertThatCode(() -> ServerDemands.checkVersion(15, "db.gouv.tg:5432")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"fsync,off", "full_page_writes,off", "synchronous_commit,off", "synchronous_commit,local"})
    void aServerThatCouldLoseWhatItAcknowledgedIsRefused(String setting, String value)
            throws IOException, InterruptedException, SQLException {
        try (SpareServer spare = SpareServer.start(setting + "=" + value)) {
            refused(settings(url(spare), spare.password(), Optional.empty()))
                    .hasMessageContaining("has " + setting + " = " + value)
                    .hasMessageContaining("could be lost");
        }
    }

    @Test
    void aUserOrDatabaseThatTurnsDurabilityOffIsRefused() {
        try (Database fresh = TestDatabase.fresh()) {
            TestDatabase.asSuperuser("alter database " + name(fresh) + " set synchronous_commit = off");
            refused(settings(TestDatabase.address(name(fresh)))).hasMessageContaining("synchronous_commit = off");
        }
    }

    @Test
    void aDatabaseThatIsNotInUtf8IsRefused() {
        TestDatabase.asSuperuser("create database test_latin9 encoding latin9 locale_provider libc locale 'C'"
                + " template template0 owner " + ServerOwner.NAME);
        try {
            refused(settings(TestDatabase.address("test_latin9"))).hasMessageContaining("not in UTF-8 but LATIN9");
        } finally {
            TestDatabase.asSuperuser("drop database test_latin9");
        }
    }

    @Test
    void encryptsAndChecksWheneverThePathLeavesTheMachine() {
        PGSimpleDataSource far = ServerAddress.external(
                        settings("jdbc:postgresql://db.gouv.tg/messagerie", new Secret("x"), Optional.empty()))
                .dataSource("test", USUAL.statementTimeout(), "");
        assertThat(far.getSslMode()).isEqualTo("verify-full");
    }

    @Test
    void encryptsWithTheCertificateTheSettingsTrustAndWithNoOther()
            throws IOException, InterruptedException, SQLException {
        TestCertificates certificates = TestCertificates.forAddress("127.0.0.1");
        Path certificate = SpareServer.fileForServer("server.pem", certificates.certificate());
        Path key = SpareServer.fileForServer("server.key", certificates.key());
        Path other = Files.createTempFile("other", ".pem");
        Files.writeString(other, TestCertificates.forAddress("127.0.0.1").certificate());
        try (SpareServer spare = SpareServer.start("ssl=on", "ssl_cert_file=" + certificate, "ssl_key_file=" + key)) {
            try (Database database = Databases.open(
                    settings(url(spare), spare.password(), Optional.of(certificate)), NO_DATA_DIRECTORY)) {
                assertThat(database.connections("secret", "public", 1)
                                .<Boolean, RuntimeException>autoCommit(c -> Sql.first(
                                                c,
                                                row -> row.getBoolean(1),
                                                "select ssl from pg_stat_ssl where pid = pg_backend_pid()")
                                        .orElseThrow()))
                        .isTrue();
            }
            refused(settings(url(spare), spare.password(), Optional.of(other))).hasMessageContaining("cannot be used");
        } finally {
            Files.delete(other);
        }
    }

    @Test
    void refusesAServerWithoutTlsWhenTlsIsWanted() throws IOException {
        Path authority = Files.createTempFile("authority", ".pem");
        Files.writeString(authority, TestCertificates.forAddress("127.0.0.1").certificate());
        try {
            ServerAddress address = TestDatabase.address("postgres");
            refused(settings(address.url(), address.password(), Optional.of(authority)))
                    .hasMessageContaining("does not support SSL");
        } finally {
            Files.delete(authority);
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(DatabaseSettings settings) {
        return assertThatThrownBy(
                        () -> Databases.open(settings, NO_DATA_DIRECTORY).close())
                .isInstanceOf(DatabaseRefused.class);
    }

    private static DatabaseSettings settings(ServerAddress address) {
        return settings(address.url(), address.password(), Optional.empty());
    }

    private static DatabaseSettings settings(String url, Secret password, Optional<Path> rootCertificate) {
        return new DatabaseSettings(
                Optional.of(url),
                "messagerie",
                Optional.of(password),
                rootCertificate,
                USUAL.acquireTimeout(),
                USUAL.waitingMax(),
                USUAL.statementTimeout(),
                USUAL.idleInTransactionTimeout(),
                USUAL.embedded());
    }

    private static String url(SpareServer spare) {
        return "jdbc:postgresql://127.0.0.1:" + spare.port() + "/" + ServerOwner.NAME;
    }

    private static String name(Database fresh) {
        return ((TestDatabase) fresh).name();
    }
}
