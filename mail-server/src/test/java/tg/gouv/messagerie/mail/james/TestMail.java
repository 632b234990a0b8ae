package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.postgres.DirectorySettings;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.delivery.LmtpSettings;
import tg.gouv.messagerie.mail.filters.ManageSieveSettings;
import tg.gouv.messagerie.mail.imap.ImapSettings;
import tg.gouv.messagerie.mail.submission.SubmissionSettings;
import tg.gouv.messagerie.mail.transfer.TransferSettings;
import tg.gouv.messagerie.platform.blobs.BlobSettings;
import tg.gouv.messagerie.platform.blobs.BlobStores;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;

/** A whole mail server for a small State, on free ports of the loopback interface and a fresh PostgreSQL database. */
final class TestMail implements AutoCloseable {
    static final String AMA = "ama.mensah@gouv.tg";
    static final String AMA_ALIAS = "ama@gouv.tg";
    static final String KOFI = "kofi.mensah@gouv.tg";
    static final String BUDGET = "directeur.budget@gouv.tg";
    static final String WORLD = "monde.exterieur@gouv.tg";
    static final String SECRET = "soleil-sur-la-lagune";

    final MailServer server;
    final TlsIdentity identity;
    final Directories directories;
    private final Database database;

    private TestMail(MailServer server, TlsIdentity identity, Directories directories, Database database) {
        this.server = server;
        this.identity = identity;
        this.directories = directories;
        this.database = database;
    }

    static TestMail start() {
        return start(UnaryOperator.identity());
    }

    static TestMail start(UnaryOperator<MailSettings> change) {
        Path data = folder();
        Database database = TestDatabase.fresh();
        database.migrate("platform");
        SecureRandom random = new SecureRandom();
        Directories directories = Directories.open(database, DirectorySettings.byDefault(), Clock.systemUTC(), random);
        provision(directories);
        TlsIdentity identity = TlsIdentities.open(TlsSettings.byDefault(), data, Clock.systemUTC(), random);
        MailServer server = MailServer.start(
                change.apply(settings()),
                new MailParts(
                        database,
                        BlobStores.open(
                                new BlobSettings(BlobSettings.Kind.POSTGRESQL, Optional.empty(), 4), database, data),
                        directories.directory(),
                        directories.signIns(),
                        identity,
                        data,
                        Clock.systemUTC()));
        return new TestMail(server, identity, directories, database);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "mail")), "test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void provision(Directories directories) {
        EntityCode budget = new EntityCode("budget");
        PositionCode director = new PositionCode("directeur-budget");
        directories
                .provisioning()
                .apply(new State(
                        List.of("gouv.tg"),
                        List.of(new Entity(budget, "Direction du budget", Optional.empty())),
                        List.of(new Position(director, "Directrice du budget", budget)),
                        List.of(person("Ama", AMA), person("Kofi", KOFI), person("Monde", WORLD)),
                        List.of(new Assignment(MailAddress.of(AMA), director)),
                        List.of(new FunctionMailbox(MailAddress.of(BUDGET), "Directrice du budget", director)),
                        Map.of(
                                MailAddress.of(AMA), new Secret(SECRET),
                                MailAddress.of(KOFI), new Secret(SECRET),
                                MailAddress.of(WORLD), new Secret(SECRET))));
        directories
                .provisioning()
                .alias(
                        directories
                                .directory()
                                .byAddress(MailAddress.of(AMA))
                                .orElseThrow()
                                .id(),
                        MailAddress.of(AMA_ALIAS));
    }

    private static Person person(String given, String address) {
        return new Person(
                Optional.empty(),
                new PersonName(given, "Mensah"),
                MailAddress.of(address),
                Locale.FRENCH,
                Optional.empty());
    }

    /** The defaults, on free ports. */
    static MailSettings settings() {
        MailSettings usual = MailSettings.byDefault();
        Endpoint free = new Endpoint("127.0.0.1", 0);
        TransferSettings transfer = usual.transfer();
        SubmissionSettings submission = usual.submission();
        ImapSettings imap = usual.imap();
        return new MailSettings(
                "mail.gouv.tg",
                8,
                ByteSize.parse("1MB"),
                usual.recipientsMax(),
                usual.outside(),
                usual.sealedMailbox(),
                new TransferSettings(
                        free, List.of(), transfer.connectionsMax(), transfer.errorsMax(), transfer.idleTimeout()),
                new SubmissionSettings(
                        free, free, submission.connectionsMax(), submission.errorsMax(), submission.idleTimeout()),
                new LmtpSettings(free, 10, usual.lmtp().idleTimeout()),
                new ImapSettings(
                        free,
                        free,
                        imap.connectionsMax(),
                        imap.idleTimeout(),
                        imap.bytesBeforeLogin(),
                        imap.slowReaderTimeout()),
                new ManageSieveSettings(
                        free,
                        10,
                        usual.managesieve().idleTimeout(),
                        usual.managesieve().scriptSizeMax()));
    }

    /** Mail for outside goes to {@link #WORLD}. */
    static MailSettings sealed(MailSettings it) {
        return new MailSettings(
                it.hostName(),
                it.connectionsMax(),
                it.messageSizeMax(),
                it.recipientsMax(),
                MailSettings.Outside.SEAL,
                Optional.of(WORLD),
                it.transfer(),
                it.submission(),
                it.lmtp(),
                it.imap(),
                it.managesieve());
    }

    /** A connection to a door that is TLS from the start. */
    Wire tls(String door) {
        return Wire.open(port(door)).startTls(identity.authority());
    }

    /** A connection in clear. */
    Wire clear(String door) {
        return Wire.open(port(door));
    }

    private int port(String door) {
        return Objects.requireNonNull(server.ports().get(door), door);
    }

    @Override
    public void close() {
        server.close();
        identity.close();
        directories.close();
        database.close();
    }
}
