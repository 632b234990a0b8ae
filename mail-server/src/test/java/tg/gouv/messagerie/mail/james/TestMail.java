package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.postgres.DirectorySettings;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.mail.JmapPrincipal;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.delivery.LmtpSettings;
import tg.gouv.messagerie.mail.filters.ManageSieveSettings;
import tg.gouv.messagerie.mail.imap.ImapSettings;
import tg.gouv.messagerie.mail.postgres.QueueSettings;
import tg.gouv.messagerie.mail.postgres.QuotaSettings;
import tg.gouv.messagerie.mail.smtp.PatienceSettings;
import tg.gouv.messagerie.mail.submission.SubmissionSettings;
import tg.gouv.messagerie.mail.transfer.TransferSettings;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingSettings;
import tg.gouv.messagerie.mail.transfer.outgoing.TestInternet;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.blobs.BlobSettings;
import tg.gouv.messagerie.platform.blobs.BlobStores;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.DatabaseSettings;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;

/** A running mail server on a real PostgreSQL and a directory, with people made as tests need them. */
final class TestMail implements AutoCloseable {
    static final String DOMAIN = "energie.gouv.test";
    static final String SECRET = "baobab-tranquille-42";
    static final MailAddress WORLD = MailAddress.of("monde@" + DOMAIN);
    private static final AtomicInteger LAST = new AtomicInteger();
    private static final ByteSize SIZE_MAX = ByteSize.parse("1MB");
    private static final PatienceSettings PATIENCE = new PatienceSettings(
            Duration.ofMinutes(1), Duration.ofMinutes(1), ByteSize.parse("256B"), Duration.ofSeconds(2));
    private static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);

    /** Other servers, none as long as a test adds none. */
    final TestInternet internet = new TestInternet();

    /** How long a change may stay unseen when its wake-up is lost. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(3);

    private final MemoryTrail trail = new MemoryTrail();
    private final Path data;
    private final Ground ground;
    private final Optional<Database> empty;
    private final TlsIdentity identity;
    private final MailSettings settings;
    private final UnaryOperator<Database> seen;
    private final List<Closing> beside = new ArrayList<>();
    private Database database;
    private Directories directories;
    private @Nullable Blobs blobs;
    private MailServer server;

    TestMail(MailSettings settings) {
        this(settings, database -> database);
    }

    /**
     * The same, whose mail server sees the database through something.
     *
     * @param seen what it sees
     */
    TestMail(MailSettings settings, UnaryOperator<Database> seen) {
        this(settings, seen, Ground.usual());
    }

    /** The same on a ground that the test can take from under it. */
    TestMail(MailSettings settings, UnaryOperator<Database> seen, Ground ground) {
        this.settings = settings;
        this.seen = seen;
        this.ground = ground;
        this.data = ground.data();
        this.empty = ground.own().isPresent() ? Optional.empty() : Optional.of(TestDatabase.fresh());
        this.database = database();
        this.directories = directories();
        this.identity = TlsIdentities.open(TlsSettings.byDefault(), data, Clock.systemUTC(), new SecureRandom());
        Provisioning provisioning = directories.provisioning();
        provisioning.domain(DOMAIN);
        provisioning.entity(new Entity(new EntityCode("energie"), "Ministere de l'Energie", Optional.empty()));
        person(WORLD);
        provisioning.room(
                new Room(
                        MailAddress.of("salle.a@" + DOMAIN),
                        "Salle A",
                        new EntityCode("energie"),
                        Room.Type.ROOM,
                        OptionalInt.empty(),
                        "",
                        Set.of(),
                        Opening.ALWAYS,
                        Optional.empty()),
                Optional.empty());
        this.server = start();
    }

    /**
     * What a server stands on.
     *
     * @param data its folder
     * @param own the private PostgreSQL that it starts in its folder; without, it has a database of the one of all tests
     */
    record Ground(Path data, Optional<DatabaseSettings> own, BlobSettings blobs, Clock clock) {
        static Ground usual() {
            return new Ground(folder(), Optional.empty(), BlobSettings.byDefault(), Clock.systemUTC());
        }

        Ground withClock(Clock other) {
            return new Ground(data, own, blobs, other);
        }

        Ground withBlobs(Path folder) {
            return new Ground(data, own, new BlobSettings(BlobSettings.Kind.DIRECTORY, Optional.of(folder), 4), clock);
        }

        Ground withOwn(DatabaseSettings settings) {
            return new Ground(data, Optional.of(settings), blobs, clock);
        }
    }

    /** Every limit as by default, on ports that the system chooses. */
    static MailSettings settings() {
        return settings(
                MailSettings.Outside.REFUSE, Optional.empty(), QuotaSettings.byDefault(), QueueSettings.byDefault());
    }

    /** Mail for the outside is sent to the servers of {@link #internet}, and tried again soon. */
    static MailSettings sending(QueueSettings queue) {
        return settings(MailSettings.Outside.SEND, Optional.empty(), QuotaSettings.byDefault(), queue);
    }

    private static OutgoingSettings outgoing() {
        OutgoingSettings usual = OutgoingSettings.byDefault();
        return new OutgoingSettings(
                usual.relay(),
                usual.relayUser(),
                usual.relaySecret(),
                usual.relayAuthority(),
                usual.encryption(),
                8,
                2,
                usual.messagesPerConnectionMax(),
                Duration.ofSeconds(2),
                Duration.ofMillis(50),
                Duration.ofMillis(200),
                usual.warnAfter(),
                usual.giveUpAfter(),
                usual.deadRetention(),
                usual.lease(),
                Duration.ofMillis(50),
                usual.databaseConnectionsMax());
    }

    static MailSettings sealed() {
        return settings(
                MailSettings.Outside.SEAL,
                Optional.of(WORLD.toString()),
                QuotaSettings.byDefault(),
                QueueSettings.byDefault());
    }

    static MailSettings limited(QuotaSettings quota) {
        return settings(MailSettings.Outside.REFUSE, Optional.empty(), quota, QueueSettings.byDefault());
    }

    /** The same with the queue set otherwise. */
    static MailSettings settings(QueueSettings queue) {
        return settings(MailSettings.Outside.REFUSE, Optional.empty(), QuotaSettings.byDefault(), queue);
    }

    /** The same with other patience. */
    static MailSettings patient(PatienceSettings patience, int connectionsPerAddressMax) {
        return settings(
                MailSettings.Outside.REFUSE,
                Optional.empty(),
                QuotaSettings.byDefault(),
                QueueSettings.byDefault(),
                patience,
                connectionsPerAddressMax,
                SIZE_MAX);
    }

    /** The same, which takes messages up to another size. */
    static MailSettings taking(ByteSize messageSizeMax) {
        return settings(
                MailSettings.Outside.REFUSE,
                Optional.empty(),
                QuotaSettings.byDefault(),
                QueueSettings.byDefault(),
                PATIENCE,
                MailSettings.byDefault().connectionsPerAddressMax(),
                messageSizeMax);
    }

    private static MailSettings settings(
            MailSettings.Outside outside, Optional<String> mailbox, QuotaSettings quota, QueueSettings queue) {
        return settings(
                outside,
                mailbox,
                quota,
                queue,
                PATIENCE,
                MailSettings.byDefault().connectionsPerAddressMax(),
                SIZE_MAX);
    }

    private static MailSettings settings(
            MailSettings.Outside outside,
            Optional<String> mailbox,
            QuotaSettings quota,
            QueueSettings queue,
            PatienceSettings patience,
            int connectionsPerAddressMax,
            ByteSize messageSizeMax) {
        MailSettings usual = MailSettings.byDefault();
        return new MailSettings(
                "mail.gouv.test",
                usual.connectionsMax(),
                messageSizeMax,
                usual.lineLengthMax(),
                connectionsPerAddressMax,
                usual.commandsMax(),
                usual.deliveriesMax(),
                outside,
                mailbox,
                new TransferSettings(ANY_PORT, List.of(), 1000, 500, 8, Duration.ofMinutes(5)),
                outgoing(),
                new SubmissionSettings(ANY_PORT, ANY_PORT, 100, 1000, 8, Duration.ofMinutes(5)),
                new LmtpSettings(ANY_PORT, 100, Duration.ofMinutes(5)),
                new ImapSettings(
                        ANY_PORT, ANY_PORT, 1000, Duration.ofMinutes(30), ByteSize.parse("40KB"), 30, LOOK_EVERY),
                new ManageSieveSettings(ANY_PORT, 100, Duration.ofMinutes(30), ByteSize.parse("16KB"), 3, 2, true),
                usual.absences(),
                queue,
                usual.store(),
                usual.trace(),
                quota,
                usual.events(),
                usual.jmap(),
                patience);
    }

    /** The same database, as another run of the program opens it. */
    private Database database() {
        Database opened = Databases.open(
                ground.own()
                        .orElseGet(() ->
                                TestDatabase.settings(TestDatabase.url(empty.orElseThrow()), TestDatabase.password())),
                data);
        opened.migrate("platform");
        return opened;
    }

    private Directories directories() {
        return Directories.open(
                seen.apply(database),
                DirectorySettings.byDefault(),
                data,
                trail,
                (_, _) -> {},
                ground.clock(),
                new SecureRandom());
    }

    private MailServer start() {
        blobs = BlobStores.open(ground.blobs(), database, data);
        return MailServer.start(
                settings,
                new MailParts(
                        seen.apply(database),
                        blobs,
                        directories.directory(),
                        directories.mailingLists(),
                        directories.signIns(),
                        directories.sessions(),
                        trail,
                        identity,
                        data,
                        ground.clock(),
                        internet,
                        internet));
    }

    /**
     * A second node: another server on the same database, with connections and a folder of its own.
     *
     * @param through what it sees of the database
     */
    MailServer beside(UnaryOperator<Database> through) {
        Database its = database();
        Path folder = folder();
        Directories node = Directories.open(
                its, DirectorySettings.byDefault(), data, trail, (_, _) -> {}, ground.clock(), new SecureRandom());
        MailServer another = MailServer.start(
                settings,
                new MailParts(
                        through.apply(its),
                        BlobStores.open(ground.blobs(), its, data),
                        node.directory(),
                        node.mailingLists(),
                        node.signIns(),
                        node.sessions(),
                        trail,
                        identity,
                        folder,
                        ground.clock(),
                        internet,
                        internet));
        beside.add(() -> {
            another.close();
            node.close();
            its.close();
            delete(folder);
        });
        return another;
    }

    /** The directory of the first node. */
    Directories directory() {
        return directories;
    }

    /** Its large objects. */
    Blobs blobs() {
        return Objects.requireNonNull(blobs);
    }

    /** Its folder. */
    Path data() {
        return data;
    }

    /** Its database, as the test sees it. */
    Database stored() {
        return database;
    }

    UUID owner(String address) {
        return directories
                .directory()
                .byAddress(MailAddress.of(address))
                .orElseThrow()
                .id()
                .value();
    }

    /** Somebody who signed in to their own account over JMAP. */
    JmapPrincipal principal(MailAddress person) {
        AccountId account = new AccountId(owner(person.toString()));
        return new JmapPrincipal(person, account, account, InetAddress.getLoopbackAddress());
    }

    /** What was audited so far. */
    List<AuditEvent> audited() {
        return trail.events();
    }

    MailServer server() {
        return server;
    }

    /** Stops the server and starts another on the same database and folder. */
    void restart() {
        server.close();
        directories.close();
        database.close();
        database = database();
        directories = directories();
        server = start();
    }

    /** New people and a function mailbox for one test, as variables of its script. */
    Map<String, String> cast() {
        int number = LAST.incrementAndGet();
        Map<String, String> variables = new TreeMap<>();
        variables.put("domain", DOMAIN);
        variables.put("secret", SECRET);
        for (String name : List.of("ama", "kofi")) {
            MailAddress address = MailAddress.of(name + number + "@" + DOMAIN);
            person(address);
            variables.put(name, address.toString());
            variables.put(name + ".plain", plain(address.toString(), SECRET));
            variables.put(name + ".wrong", plain(address.toString(), "faux"));
            variables.put(name + ".base64", base64(address.toString()));
            variables.put(name + ".detail", name + number + "+projets@" + DOMAIN);
        }
        variables.put("secret.base64", base64(SECRET));
        MailAddress function = MailAddress.of("directeur" + number + "@" + DOMAIN);
        PositionCode position = new PositionCode("directeur-" + number);
        Provisioning provisioning = directories.provisioning();
        provisioning.position(new Position(position, "Directeur", new EntityCode("energie")));
        provisioning.assignment(new Assignment(
                MailAddress.of("ama" + number + "@" + DOMAIN), position, Optional.empty(), Optional.empty()));
        PositionCode clerk = new PositionCode("secretaire-" + number);
        provisioning.position(new Position(clerk, "Secretaire", new EntityCode("energie")));
        MailAddress reader = MailAddress.of("lectrice" + number + "@" + DOMAIN);
        person(reader);
        provisioning.assignment(new Assignment(reader, clerk, Optional.empty(), Optional.empty()));
        provisioning.functionMailbox(new FunctionMailbox(
                function,
                "Le directeur",
                new FunctionMailbox.OfPosition(position),
                Map.of(clerk, FunctionAccess.READER)));
        GroupCode group = new GroupCode("groupe-" + number);
        MailAddress list = MailAddress.of("liste" + number + "@" + DOMAIN);
        provisioning.group(new Group(
                group,
                "Groupe",
                new EntityCode("energie"),
                Set.of(
                        new Member.OfPosition(position),
                        new Member.OfAccount(MailAddress.of("kofi" + number + "@" + DOMAIN)))));
        provisioning.mailingList(new MailingList(list, group, MailingLists.Writers.MEMBERS, reader));
        variables.put("liste.group", group.value());
        variables.put("liste", list.toString());
        variables.put("liste.owner", reader.toString());
        variables.put("liste.id", list.toString().replace('@', '.'));
        variables.put("lectrice", reader.toString());
        variables.put("lectrice.plain", plain(function + "*" + reader, SECRET));
        variables.put("directeur", function.toString());
        MailAddress suspended = MailAddress.of("suspendu" + number + "@" + DOMAIN);
        provisioning.state(person(suspended), Account.State.SUSPENDED);
        variables.put("suspendu", suspended.toString());
        variables.put("suspendu.plain", plain(suspended.toString(), SECRET));
        return variables;
    }

    private AccountId person(MailAddress address) {
        AccountId account = directories
                .provisioning()
                .person(new Person(
                        Optional.empty(),
                        new PersonName("Afi", address.localPart()),
                        address,
                        Locale.FRENCH,
                        Optional.of(new EntityCode("energie"))));
        directories.provisioning().password(account, new Secret(SECRET));
        return account;
    }

    void alias(String address, String alias) {
        AccountId account = directories
                .directory()
                .byAddress(MailAddress.of(address))
                .orElseThrow()
                .id();
        directories.provisioning().alias(account, MailAddress.of(alias));
    }

    static String plain(String login, String secret) {
        return base64("\0" + login + "\0" + secret);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target/mail")), "data-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Closing {
        void close() throws IOException;
    }

    @Override
    public void close() throws IOException {
        for (Closing each : beside) {
            each.close();
        }
        server.close();
        identity.close();
        directories.close();
        database.close();
        empty.ifPresent(Database::close);
        delete(data);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
