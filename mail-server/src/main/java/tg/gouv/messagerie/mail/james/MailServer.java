package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.apache.james.GuiceJamesServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.mail.Absences;
import tg.gouv.messagerie.mail.DepartedAccounts;
import tg.gouv.messagerie.mail.ErasedAccounts;
import tg.gouv.messagerie.mail.Forwards;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.mail.KeptMail;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.MailUse;
import tg.gouv.messagerie.mail.NewAccounts;
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.mail.delivery.OutgoingReports;
import tg.gouv.messagerie.mail.jmap.postgres.PostgresJmap;
import tg.gouv.messagerie.mail.postgres.ChangeHistory;
import tg.gouv.messagerie.mail.postgres.FlowWatch;
import tg.gouv.messagerie.mail.postgres.OperatedErrors;
import tg.gouv.messagerie.mail.postgres.OperatedOutgoing;
import tg.gouv.messagerie.mail.postgres.OperatedSpool;
import tg.gouv.messagerie.mail.postgres.PostgresDepartedAccounts;
import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;
import tg.gouv.messagerie.mail.postgres.PostgresOutgoing;
import tg.gouv.messagerie.mail.postgres.PostgresRefusals;
import tg.gouv.messagerie.mail.postgres.PostgresRepositories;
import tg.gouv.messagerie.mail.postgres.PostgresTraces;
import tg.gouv.messagerie.mail.postgres.ReleasedBodies;
import tg.gouv.messagerie.mail.queue.MailFlow;
import tg.gouv.messagerie.mail.queue.OperatedQueue;
import tg.gouv.messagerie.mail.smtp.CommandWorkers;
import tg.gouv.messagerie.mail.trace.TracedMail;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingFigures;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingTransfer;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Uuid7;

/** The mail server, running until closed. */
public final class MailServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailServer.class);

    private final GuiceJamesServer james;
    private final MailParts parts;
    private final Doors doors;
    private final JmapKey jmapKey;
    private final CommandWorkers workers;
    private final MailStorage storage;
    private final Optional<OutgoingTransfer> transfer;
    private final Sweeps sweeps;
    private final AutoCloseable news;
    private final Running running;
    private final OperatedQueue queue;
    private final PostgresTraces traces;
    private final FlowWatch flow;
    private final AtomicBoolean closed = new AtomicBoolean();

    private MailServer(
            GuiceJamesServer james,
            MailParts parts,
            Doors doors,
            JmapKey jmapKey,
            CommandWorkers workers,
            MailStorage storage,
            Optional<OutgoingTransfer> transfer,
            PostgresTraces traces,
            FlowWatch flow,
            Sweeps sweeps,
            AutoCloseable news) {
        this.traces = traces;
        this.flow = flow;
        this.storage = storage;
        this.transfer = transfer;
        this.sweeps = sweeps;
        this.news = news;
        this.james = james;
        this.parts = parts;
        this.doors = doors;
        this.jmapKey = jmapKey;
        this.workers = workers;
        this.running = james.getProbe(Running.class);
        this.queue = new OperatedQueue(
                List.of(
                        new OperatedSpool(storage.queues(), parts.trail()),
                        new OperatedErrors(storage.queues(), parts.trail()),
                        new OperatedOutgoing(storage.outgoing(), storage.queues(), parts.trail())),
                parts.trail(),
                parts.clock());
    }

    /**
     * Brings the schema {@code mail} up to date and starts listening.
     *
     * @throws MailRefused if it cannot start; nothing is left running
     */
    public static MailServer start(MailSettings settings, MailParts parts) {
        parts.database().migrate("mail");
        Connections connections = parts.database().connections("mail", "mail", settings.connectionsMax());
        PostgresMailQueues queues = new PostgresMailQueues(
                parts.database()
                        .connections("mail-queue", "mail", settings.queue().connectionsMax()),
                parts.blobs(),
                parts.clock(),
                Uuid7.system(),
                node(parts.data()),
                settings.queue());
        PostgresMappers mappers = new PostgresMappers(
                connections,
                parts.blobs(),
                new DirectoryOwners(parts.directory()),
                parts.trail(),
                parts.clock(),
                Uuid7.system(),
                settings.store());
        PostgresRepositories repositories = new PostgresRepositories(connections, mappers, parts.clock(), settings);
        repositories.countDeadLetters();
        PostgresJmap jmap = new PostgresJmap(
                connections,
                parts.blobs(),
                new DirectoryOwners(parts.directory()),
                parts.clock(),
                Uuid7.system(),
                settings.jmap());
        PostgresOutgoing outgoing =
                new PostgresOutgoing(queues, outgoingConnections(settings, parts, connections), node(parts.data()));
        PostgresRefusals refusals = new PostgresRefusals(connections);
        MailStorage storage = new MailStorage(mappers, queues, outgoing, repositories, refusals, jmap);
        Doors doors = new Doors(settings);
        JmapKey jmapKey = JmapKey.random(new SecureRandom(), parts.clock());
        CommandWorkers workers = new CommandWorkers(settings.commandsMax());
        GuiceJamesServer james = JamesAssembly.server(
                settings, doors, folder(parts.data()), new OurParts(settings, parts, storage, doors, jmapKey, workers));
        Optional<OutgoingTransfer> transfer = Optional.empty();
        try {
            james.start();
            transfer = transfer(settings, parts, outgoing);
            james.getProbe(Running.class).managesieve().start();
        } catch (Exception e) {
            queues.end();
            transfer.ifPresent(OutgoingTransfer::close);
            james.stop();
            refusals.close();
            queues.close();
            mappers.close();
            jmap.close();
            workers.close();
            throw new MailRefused(e);
        }
        PostgresTraces traces = new PostgresTraces(connections, settings.trace(), parts.clock());
        return new MailServer(
                james,
                parts,
                doors,
                jmapKey,
                workers,
                storage,
                transfer,
                traces,
                new FlowWatch(connections, parts.clock()),
                Sweeps.hourly(sweeps(settings, parts, connections, storage, traces)),
                mappers.news()
                        .betweenNodes(
                                parts.database(), connections, settings.imap().lookEvery()));
    }

    private static Connections outgoingConnections(MailSettings settings, MailParts parts, Connections others) {
        return settings.outside() == MailSettings.Outside.SEND
                ? parts.database()
                        .connections(
                                "mail-outgoing", "mail", settings.outgoing().databaseConnectionsMax())
                : others;
    }

    private static Optional<OutgoingTransfer> transfer(
            MailSettings settings, MailParts parts, PostgresOutgoing outgoing) {
        return switch (settings.outside()) {
            case REFUSE, SEAL -> Optional.empty();
            case SEND ->
                Optional.of(OutgoingTransfer.start(
                        outgoing,
                        settings.outgoing(),
                        new OutgoingTransfer.Surroundings(
                                settings.hostName(),
                                settings.transfer().listen().port(),
                                parts.names(),
                                parts.connector(),
                                new OutgoingReports(settings.hostName(), ZoneId.systemDefault()),
                                parts.clock(),
                                Uuid7.system(),
                                RandomGenerator.getDefault())));
        };
    }

    private static Map<String, IntSupplier> sweeps(
            MailSettings settings,
            MailParts parts,
            Connections connections,
            MailStorage storage,
            PostgresTraces traces) {
        ReleasedBodies bodies = new ReleasedBodies(connections, parts.blobs(), settings.store(), parts.clock());
        ChangeHistory history = new ChangeHistory(connections, settings.store(), parts.clock());
        return Map.of(
                "bodies",
                bodies::sweep,
                "change-history",
                history::sweep,
                "absences",
                storage.repositories()::sweep,
                "jmap",
                storage.jmap()::sweep,
                "outgoing-dead",
                () -> storage.outgoing().sweepDead(settings.outgoing().deadRetention()),
                "traces",
                traces::sweep);
    }

    /** Which node this is: the one that runs on this data directory of this machine. */
    private static UUID node(Path data) {
        String machine = System.getenv().getOrDefault("HOSTNAME", "");
        return UUID.nameUUIDFromBytes((machine + ":" + data.toAbsolutePath()).getBytes(StandardCharsets.UTF_8));
    }

    private static Path folder(Path data) {
        try {
            return Files.createDirectories(data.resolve("mail"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ports that are listened on: smtp, submission, submissions, lmtp, imap, imaps, managesieve. */
    public SequencedMap<String, Integer> ports() {
        SequencedMap<String, Integer> ports = doors.ports();
        ports.put("managesieve", running.managesieve().port());
        return ports;
    }

    /** Where JMAP answers, on the loopback interface, for requests that carry {@link JmapKey#HEADER}. */
    public URI jmap() {
        return running.jmap().uri();
    }

    /** The key with which the HTTP door signs whom a JMAP request is for. */
    public JmapKey jmapKey() {
        return jmapKey;
    }

    /** Accepts messages of the program itself. */
    public Submission submission() {
        return running.submission();
    }

    /** Prepares mail for accounts that became active. */
    public NewAccounts newAccounts() {
        return running.newAccounts();
    }

    /** Answers for accounts whose people have left. */
    public DepartedAccounts departedAccounts() {
        return new PostgresDepartedAccounts();
    }

    /** Removes the mail of people whose data is erased. */
    public ErasedAccounts erasedAccounts() {
        return storage.mappers().erased();
    }

    /** All that mail keeps of one account, for its owner. */
    public KeptMail kept() {
        return storage.mappers().kept();
    }

    /** What people who are away have told to those who write to them. */
    public Absences absences() {
        return storage.repositories().absences();
    }

    /** Where people's mail goes on to. */
    public Forwards forwards() {
        return storage.repositories().forwards(parts.directory());
    }

    /** How much mail accounts hold. */
    public MailUse use() {
        return storage.repositories().use();
    }

    /** What became of accepted mail, for operators. */
    public TracedMail traces() {
        return new TracedMail(traces, parts.trail(), parts.clock());
    }

    /** Mail on its way, for operators. */
    public OperatedQueue queue() {
        return queue;
    }

    /** How mail flowed a few seconds ago; answers at once. */
    public MailFlow flow() {
        return flow.flow();
    }

    /** How mail flows now. */
    public MailFlow flowNow() {
        return flow.look();
    }

    /** How many messages wait for their delivery. */
    public long queued() {
        return running.queued();
    }

    /** How much mail is on its way to other servers, as was counted some seconds ago at most; answers at once. */
    public OutgoingFigures outgoingFigures() {
        return transfer.map(OutgoingTransfer::figures).orElse(OutgoingFigures.NOTHING);
    }

    /** How much mail is on its way to other servers now, whether or not {@code mail.outside} lets it go. */
    public OutgoingFigures outgoingNow() {
        return storage.outgoing().figures(parts.clock().instant());
    }

    /** How many events are kept that a part of mail could not handle, as was last known; answers at once. */
    public long deadLetters() {
        return storage.repositories().deadLettersKept();
    }

    /** Whether every door is open and PostgreSQL answers. */
    public boolean isWell() {
        return !closed.get()
                && james.isStarted()
                && doors.areOpen()
                && running.managesieve().isOpen()
                && parts.database().answers();
    }

    /** Listens no more, ends every connection, and lets what is being delivered end; the second time it does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        running.managesieve().close();
        sweeps.close();
        flow.close();
        closeNews();
        storage.queues().end();
        transfer.ifPresent(OutgoingTransfer::close);
        james.stop();
        storage.refusals().close();
        storage.queues().close();
        storage.mappers().close();
        storage.jmap().close();
        workers.close();
    }

    private void closeNews() {
        try {
            news.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("event=mailbox-news-not-closed", e);
        }
    }
}
