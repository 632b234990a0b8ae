package tg.gouv.messagerie.deploy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.deploy.command.Running;
import tg.gouv.messagerie.deploy.command.RunningAdministrators;
import tg.gouv.messagerie.deploy.command.RunningRoutes;
import tg.gouv.messagerie.deploy.command.Stages;
import tg.gouv.messagerie.deploy.routes.ActivatedAccounts;
import tg.gouv.messagerie.deploy.routes.RouteParts;
import tg.gouv.messagerie.deploy.routes.Routes;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.admin.AdministrationApi;
import tg.gouv.messagerie.directory.help.HelpDesk;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.ldap.LdapDirectory;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.personal.LedgerFile;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.mail.james.MailParts;
import tg.gouv.messagerie.mail.james.MailServer;
import tg.gouv.messagerie.mail.queue.MailFlow;
import tg.gouv.messagerie.mail.queue.OperatedQueue;
import tg.gouv.messagerie.mail.trace.TracedMail;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingFigures;
import tg.gouv.messagerie.platform.audit.AuditTrails;
import tg.gouv.messagerie.platform.blobs.BlobStores;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.http.HttpSocket;
import tg.gouv.messagerie.platform.log.Logs;
import tg.gouv.messagerie.platform.metrics.AdministrationServer;
import tg.gouv.messagerie.platform.metrics.Metrics;
import tg.gouv.messagerie.platform.outbox.Outboxes;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.portal.pages.Route;

/** The program: its parts in the order of their construction, closed in reverse. */
final class Program implements Running {
    private static final Logger LOG = LoggerFactory.getLogger(Program.class);

    private final Database database;
    private final AuditTrails audit;
    private final AuditedLife life;
    private final Outboxes outbox;
    private final Blobs blobs;
    private final TlsIdentity identity;
    private final Directories directories;
    private final AccessLedger ledger;
    private final PartLedger partLedger;
    private final HelpDesk desk;
    private final LdapDirectory ldap;
    private final MailServer mail;
    private final Routes routes;
    private final PersonalArchives archives;
    private final RunningRoutes ordered;
    private final RunningAdministrators administrators;
    private final List<Route> pages;
    private final HttpServer http;
    private final AdministrationServer administration;
    private final Disks disks;
    private final LetterSettings letters;
    private final Parts parts;

    private Program(ProgramSettings written, Stages stages, Parts parts) {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Path data = written.data();
        this.parts = parts;
        parts.add(Logs.open(data, written.log()));
        HttpSocket socket = parts.add(HttpSocket.open(written.http().listen()));
        ProgramSettings settings = written.listening(socket.port());
        this.letters = settings.directory().letters().or(settings.jmap().publicUrl() + "/activer");
        this.disks = new Disks(data, settings.blobs());
        database = parts.add(stages.run("database", () -> Databases.open(settings.database(), data)));
        database.migrate("platform");
        audit = parts.add(AuditTrails.open(database, settings.audit(), data, clock));
        life = parts.add(new AuditedLife(audit.trail(), clock));
        outbox = parts.add(Outboxes.open(database, settings.outbox()));
        blobs = BlobStores.open(settings.blobs(), database, data);
        identity = parts.add(stages.run(
                "certificates",
                () -> TlsIdentities.open(settings.tls(), data, clock, random),
                it -> List.of(it.authority())));
        directories = parts.add(stages.run(
                "directory",
                () -> Directories.open(
                        database,
                        settings.directory(),
                        data,
                        audit.trail(),
                        new ActivatedAccounts(outbox),
                        clock,
                        random)));
        ledger = new AccessLedger(audit.about(), directories.directory(), clock);
        Administrators named = new Administrators(directories, settings.routes().administrators());
        administrators = named;
        Beside<LdapDirectory> ldapBeside = parts.add(Beside.start(
                "ldap",
                () -> LdapDirectory.start(
                        settings.ldap(),
                        new LdapDirectory.Parts(
                                database,
                                directories.signIns(),
                                directories.sessions(),
                                directories.provisioning(),
                                directories.register(),
                                directories.rights(),
                                named::isNamed,
                                audit.trail(),
                                identity,
                                clock)),
                LdapDirectory::close));
        mail = parts.add(stages.run(
                "mail",
                () -> MailServer.start(
                        settings.mail(),
                        new MailParts(
                                database,
                                blobs,
                                directories.directory(),
                                directories.mailingLists(),
                                directories.signIns(),
                                directories.sessions(),
                                audit.trail(),
                                identity,
                                data,
                                clock))));
        routes = parts.add(Routes.start(
                settings.routes(),
                new RouteParts(
                        database,
                        outbox,
                        mail.newAccounts(),
                        mail.departedAccounts(),
                        mail.erasedAccounts(),
                        mail.submission(),
                        identity,
                        settings.mail().hostName(),
                        settings.jmap().publicUrl().toString(),
                        settings.mail().sealedMailbox(),
                        clock)));
        ordered = new OrderedRoutes(routes, outbox, audit.trail(), clock);
        archives = new PersonalArchives(
                directories.personalFacts(), List.of(new LedgerFile(ledger), new MailOfPeople(mail.kept())));
        desk = new HelpDesk(directories.personStates(), new UsageOfPeople(directories.directory(), mail.use()));
        partLedger = new PartLedger(
                audit.walk(),
                audit.about(),
                directories.partPlaces(),
                directories.rights(),
                directories.directory(),
                audit.trail(),
                clock);
        ldap = ldapBeside.get();
        Map<String, Integer> listening = new LinkedHashMap<>(mail.ports());
        listening.putAll(ldap.ports());
        Map<String, Handler> doors = HttpRoutes.of(
                settings,
                HttpRoutes.clients(settings, listening, ldap.base()),
                identity,
                directories,
                mail,
                ledger,
                archives,
                desk,
                partLedger,
                letters,
                clock,
                random);
        pages = PortalPages.routes(doors);
        http = parts.add(stages.run("http", () -> HttpServer.start(settings.http(), socket, identity, doors)));
        Metrics metrics = parts.add(Metrics.ofThisProcess());
        metrics.watch(database);
        metrics.watch(audit);
        metrics.watch(outbox);
        routes.watch(metrics);
        metrics.watch(identity);
        metrics.watch(http);
        metrics.gauge("ldap_connections", "Clients that are connected over LDAP.", ldap::connected);
        watchFlow(metrics);
        metrics.gauge(
                "mail_dead_letters",
                "Events that a part of the mail server could not handle, kept for an administrator.",
                mail::deadLetters);
        OutgoingMetrics.watch(metrics, mail);
        administration = parts.add(AdministrationServer.start(settings.administration(), metrics, checks()));
    }

    private void watchFlow(Metrics metrics) {
        String waiting = "Accepted messages that are not delivered to everybody yet, by state.";
        metrics.gauge("mail_queue_messages", waiting, () -> mail.flow().waiting(), "state", "waiting");
        metrics.gauge("mail_queue_messages", waiting, () -> mail.flow().delayed(), "state", "delayed");
        metrics.gauge("mail_queue_messages", waiting, () -> mail.flow().held(), "state", "held");
        metrics.gauge(
                "mail_queue_oldest_seconds",
                "For how long the oldest message that nobody holds has waited for its delivery.",
                () -> mail.flow().oldest().toSeconds());
        metrics.gauge(
                "mail_put_aside_messages",
                "Messages that were given up and wait for an operator.",
                () -> mail.flow().aside());
        metrics.gauge(
                "mail_delivered_lately_messages",
                "Deliveries to mailboxes in the last five minutes, by every node.",
                () -> mail.flow().deliveredLately());
        metrics.gauge(
                "blobs_damaged_objects",
                "Large objects that were found damaged or gone since the start, and are not whole again.",
                blobs::damaged);
        for (String place : disks.names()) {
            metrics.gauge(
                    "disk_free_ratio",
                    "The part of the file system that is free, from 0 to 1; -1 if that cannot be said.",
                    () -> disks.freeRatio(place),
                    "of",
                    place);
        }
    }

    /** Starts every part; what was started before a failure is closed. */
    static Program start(ProgramSettings settings, Stages stages) {
        Parts parts = new Parts();
        try {
            return new Program(settings, stages, parts);
        } catch (RuntimeException | Error failure) {
            parts.close();
            throw failure;
        }
    }

    @Override
    public Provisioning provisioning() {
        return directories.provisioning();
    }

    /** Every page and act of a page that it serves. */
    List<Route> pages() {
        return pages;
    }

    @Override
    public ActivationCodes activationCodes() {
        return directories.activationCodes();
    }

    @Override
    public LetterSettings letters() {
        return letters;
    }

    @Override
    public Register register() {
        return directories.register();
    }

    @Override
    public SequencedMap<String, Integer> ports() {
        SequencedMap<String, Integer> ports = new LinkedHashMap<>(mail.ports());
        ports.putAll(ldap.ports());
        ports.put("https", http.port());
        ports.put("administration", administration.port());
        return ports;
    }

    @Override
    public SequencedMap<String, String> urls(String host) {
        String https = "https://" + host + ":" + http.port();
        String local = "http://127.0.0.1:" + administration.port();
        SequencedMap<String, String> urls = new LinkedHashMap<>();
        urls.put("portal", https + "/");
        urls.put("account", https + "/compte");
        urls.put("management", https + "/gestion");
        urls.put("jmap", https + "/.well-known/jmap");
        urls.put("api", https + AdministrationApi.PREFIX);
        urls.put("metrics", local + "/metrics");
        urls.put("health", local + "/health");
        return urls;
    }

    @Override
    public SequencedMap<String, Long> processes() {
        SequencedMap<String, Long> processes = new LinkedHashMap<>();
        processes.put("messagerie", ProcessHandle.current().pid());
        database.processId().ifPresent(it -> processes.put("postgresql", it));
        return processes;
    }

    @Override
    public void onProcessChange(Runnable callback) {
        database.onRestart(_ -> callback.run());
    }

    @Override
    public Path authority() {
        return identity.authority();
    }

    @Override
    public SequencedMap<String, Boolean> health() {
        SequencedMap<String, Boolean> health = new LinkedHashMap<>();
        checks().forEach((part, check) -> health.put(part, check.getAsBoolean()));
        return health;
    }

    @Override
    public RunningRoutes routes() {
        return ordered;
    }

    @Override
    public Directory directory() {
        return directories.directory();
    }

    @Override
    public Imports imports() {
        return directories.imports();
    }

    @Override
    public PersonalArchives archives() {
        return archives;
    }

    @Override
    public Rights rights() {
        return directories.rights();
    }

    @Override
    public DevicePasswords devicePasswords() {
        return directories.devicePasswords();
    }

    @Override
    public Sessions sessions() {
        return directories.sessions();
    }

    @Override
    public SecondFactors secondFactors() {
        return directories.secondFactors();
    }

    @Override
    public AccessLedger ledger() {
        return ledger;
    }

    @Override
    public PartLedger partLedger() {
        return partLedger;
    }

    @Override
    public HelpDesk helpDesk() {
        return desk;
    }

    @Override
    public PeopleIndex people() {
        return directories.people();
    }

    @Override
    public RunningAdministrators administrators() {
        return administrators;
    }

    @Override
    public SequencedMap<Figure, Long> figures() {
        SequencedMap<Figure, Long> figures = new LinkedHashMap<>();
        try {
            figures.put(Figure.ACCOUNTS, directories.accounts());
            MailFlow flow = mail.flowNow();
            figures.put(Figure.QUEUED, flow.waiting() + flow.delayed() + flow.held());
            figures.put(Figure.QUEUE_OLDEST_SECONDS, flow.oldest().toSeconds());
            figures.put(Figure.HELD, flow.held());
            figures.put(Figure.ASIDE, flow.aside());
            figures.put(Figure.DELIVERED_LATELY, flow.deliveredLately());
            OutgoingFigures outgoing = mail.outgoingNow();
            figures.put(Figure.OUTGOING, outgoing.queued() + outgoing.held());
            figures.put(Figure.OUTGOING_OLDEST_SECONDS, outgoing.oldest().toSeconds());
            figures.put(Figure.OUTGOING_DEAD, outgoing.dead());
        } catch (StoreUnavailable e) {
            LOG.debug(
                    "event=figures-unknown reason=\"{}\"",
                    e.getMessage()); // health says that the database does not answer
        }
        figures.put(Figure.DEAD_LETTERS, mail.deadLetters() + outbox.state().dead());
        figures.put(
                Figure.OLDEST_SNAPSHOT_SECONDS, outbox.state().oldestSnapshot().toSeconds());
        figures.put(
                Figure.AUDIT_UNSEALED_SECONDS, audit.state().oldestUnsealed().toSeconds());
        figures.put(Figure.AUDIT_UNSENT_HEADS, audit.state().unsentHeads());
        figures.put(
                Figure.CERTIFICATE_DAYS,
                Duration.between(Instant.now(), identity.expires()).toDays());
        figures.put(Figure.DAMAGED_OBJECTS, blobs.damaged());
        figures.put(Figure.DATA_FREE_PERCENT, percent("data"));
        figures.put(Figure.BLOBS_FREE_PERCENT, percent("blobs"));
        figures.values().removeIf(value -> value < 0);
        return figures;
    }

    private long percent(String place) {
        return (long) Math.floor(disks.freeRatio(place) * 100);
    }

    @Override
    public TracedMail traces() {
        return mail.traces();
    }

    @Override
    public OperatedQueue queue() {
        return mail.queue();
    }

    @Override
    public void ordered(String systemUser, String order, boolean obeyed) {
        life.ordered(systemUser, order, obeyed);
    }

    @Override
    public void close() {
        parts.close();
    }

    private Map<String, BooleanSupplier> checks() {
        Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
        checks.put("database", database::answers);
        checks.put("audit", audit::isWell);
        checks.put("outbox", outbox::isWell);
        checks.put("certificates", identity::isWell);
        checks.put("ldap", ldap::isWell);
        checks.put("mail", mail::isWell);
        checks.put("routes", routes::isWell);
        checks.put("http", http::isWell);
        return checks;
    }
}
