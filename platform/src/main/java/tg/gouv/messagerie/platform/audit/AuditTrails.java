package tg.gouv.messagerie.platform.audit;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * Two threads: one writes what was counted, seals, and looks at how the trail is; the other, which a sink may keep waiting,
 * brings heads outside. Closing lets the first do everything once more, then the second.
 */
/** The audit trail in PostgreSQL, written and sealed until closed. */
public final class AuditTrails implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrails.class);
    private static final String SCHEMA = "platform";

    /** How long the end waits for the last seal, and again for the last heads to be outside. */
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final AuditSettings settings;
    private final InstantSource clock;
    private final Connections connections;
    private final Uuid7 ids = Uuid7.system();
    private final Coalescing coalescing;
    private final Sealer sealer;
    private final Optional<HeadCourier> courier;
    private final AtomicReference<AuditState> state;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch sealed = new CountDownLatch(1);
    private final Thread sealing;
    private final Thread delivering;

    private AuditTrails(Database database, AuditSettings settings, Path dataDirectory, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.connections = database.connections("audit", SCHEMA, settings.connectionsMax());
        this.coalescing = new Coalescing(clock, settings.coalesceEvery(), settings.kindsMax(), ids);
        this.sealer = new Sealer(connections, SealKey.of(settings.key(), dataDirectory), clock);
        this.courier = settings.headsDirectory().map(it -> new HeadCourier(connections, new DirectoryHeads(it)));
        this.state = new AtomicReference<>(connections.transaction(c -> {
            Chain.begin(c, ids.next());
            return look(c);
        }));
        this.sealing = Thread.ofVirtual().name("audit-seal").start(this::seal);
        // A file system that does not answer would keep a carrier of virtual threads.
        this.delivering = Thread.ofPlatform().daemon().name("audit-heads").start(this::deliver);
    }

    /**
     * Opens the trail of a database whose schema {@code platform} is up to date, on connections of its own.
     *
     * @param dataDirectory holds the key that signs heads, unless the settings name another
     * @throws AuditRefused if the key cannot be used
     */
    public static AuditTrails open(Database database, AuditSettings settings, Path dataDirectory, InstantSource clock) {
        AuditTrails trails = new AuditTrails(database, settings, dataDirectory, clock);
        if (settings.headsDirectory().isEmpty()) {
            LOG.warn("event=audit-heads-stay-here action=\"name another machine's folder in audit.heads-directory\"");
        }
        return trails;
    }

    /** Where everybody writes. */
    public AuditTrail trail() {
        return new Trail();
    }

    /** What is told of one account, for its owner. */
    public AuditAbout about() {
        return new TrailAbout(connections, trail());
    }

    /** All that is told, from the end to the beginning. */
    public AuditWalk walk() {
        return new TrailWalk(connections);
    }

    /** How the trail was a few seconds ago. */
    public AuditState state() {
        return state.get();
    }

    /** Whether rows are sealed and heads are outside in time, and the chain is as the sealer left it. */
    public boolean isWell() {
        AuditState now = state.get();
        Duration unseen = Duration.between(now.at(), clock.instant());
        return !sealer.isBroken()
                && now.oldestUnsealed().plus(unseen).compareTo(settings.alarmAfter()) < 0
                && now.oldestUnsent().compareTo(settings.headsAlarmAfter()) < 0;
    }

    /** Writes and seals what was recorded until now, and brings the heads outside, within bounds. */
    @Override
    public void close() {
        closing.countDown();
        join(sealing);
        sealed.countDown(); // even if the last seal takes too long
        join(delivering);
    }

    private void seal() {
        while (!await(closing)) {
            once(() -> coalescing.flush(this::write));
        }
        if (!once(() -> coalescing.flushAll(this::write))) {
            LOG.error(
                    "event=audit-counts-lost reason=\"sign-ins and refusals since the last seal could not be written\"");
        }
        sealed.countDown();
    }

    private void deliver() {
        while (!await(sealed)) {
            bring();
        }
        bring();
    }

    /** Whether the pass did everything; what it did not do is done by the next one. */
    private boolean once(Runnable flush) {
        try {
            flush.run();
            sealer.sealAll();
            state.set(connections.autoCommit(this::look));
            return true;
        } catch (StoreUnavailable e) {
            LOG.warn("event=audit-seal-later reason=\"{}\"", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("event=audit-seal-failed", e); // health tells it
        }
        return false;
    }

    private void bring() {
        try {
            courier.ifPresent(HeadCourier::deliver);
        } catch (StoreUnavailable e) {
            LOG.warn("event=audit-heads-later reason=\"{}\"", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("event=audit-heads-failed", e);
        }
    }

    private AuditState look(Connection connection) throws SQLException {
        return AuditState.read(connection, clock.instant(), courier.map(HeadCourier::name));
    }

    private void write(List<Row> rows) {
        connections.transaction(c -> {
            Recorder.write(c, rows);
            return rows;
        });
    }

    private boolean await(CountDownLatch latch) {
        try {
            return latch.await(settings.sealEvery().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the audit trail's threads", e);
        }
    }

    private static void join(Thread thread) {
        try {
            if (!thread.join(END_WITHIN)) {
                LOG.error("event=audit-end-late thread={}", thread.getName());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The trail as others see it. */
    private final class Trail implements AuditTrail {
        @Override
        public void record(Connection connection, List<? extends AuditEvent> events) throws SQLException {
            Recorder.write(
                    connection,
                    events.stream().map(it -> Row.of(ids.next(), it)).toList());
        }

        @Override
        public void record(AuditEvent event) {
            write(List.of(Row.of(ids.next(), event)));
        }

        @Override
        public void count(AuditEvent.Frequent event) {
            coalescing.count(event);
        }
    }
}
