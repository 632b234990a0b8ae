package tg.gouv.messagerie.directory.postgres;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.AfterCommit;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;
import tg.gouv.messagerie.platform.database.WakeUps;

/*
 * Sessions are known on the node that has them. One thread looks whether what they stand on is still so: those of an account when this
 * node or another says that something of it was written, and all of them from time to time, since that word may be lost, and since time
 * alone ends some (an expiry, the end of an assignment). When PostgreSQL does not answer nothing ends: it is asked again.
 */
/** The sessions of this node, and what ends them on all nodes. */
final class PostgresSessions implements Sessions, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final String CHANNEL = "messagerie_sign_in";
    private static final Duration COLLECT = Duration.ofMillis(25);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    /** How many sessions one statement asks about. */
    private static final int LOOK_MAX = 1_000;

    /** More accounts than this at once are told as all of them. */
    private static final int TOLD_MAX = 500;

    private static final String ALL = "*";

    private static final String STAND =
            """
            select s.n
            from unnest(?::bigint[], ?::uuid[], ?::uuid[], ?::uuid[], ?::text[]::timestamptz[], ?::text[]::timestamptz[], ?::bigint[],
                ?::boolean[]) as s (n, actor, opened, device, changed, until, sign_outs, web)
            join account a on a.id = s.actor and a.state = 'active' and a.sign_outs = s.sign_outs
            where case when s.until is not null
                    then s.until > ?
                when s.device is null
                    then exists (select from credential c where c.account_id = a.id and c.changed = s.changed)
                        and (s.web or not exists (
                            select from second_factor f where f.account_id = a.id and f.confirmed is not null))
                    else exists (select from device_password d
                        where d.id = s.device and d.account_id = a.id and (d.expires is null or d.expires > ?)) end
                and (s.opened = s.actor
                    or exists (select from (%s) any_use where any_use.function_id = s.opened and not %s))
            """.formatted(FunctionUse.by("s.actor"), PostgresHiddenFunctions.has("s.actor", "s.opened"));

    private final Connections connections;
    private final AuditTrail trail;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final Duration every;
    private final Map<UUID, Set<Open>> open = new ConcurrentHashMap<>();
    private final Set<UUID> dirty = new HashSet<>();
    private final Semaphore some = new Semaphore(0);
    private final WakeUps nodes;
    private final Thread looking;
    private boolean all;
    private volatile boolean closed;

    /**
     * Begins to look.
     *
     * @param every how often all sessions are looked at
     */
    PostgresSessions(
            Database database, Connections connections, AuditTrail trail, InstantSource clock, Duration every) {
        this.connections = connections;
        this.trail = trail;
        this.clock = clock;
        this.ids = new Uuid7(clock, new SecureRandom());
        this.every = every;
        this.nodes = new WakeUps(database, connections, CHANNEL, COLLECT, this::heard);
        this.looking = Thread.ofVirtual().name("sessions").start(this::look);
    }

    /** A session of this node. */
    private final class Open implements Session {
        private final AccountId actor;
        private final Live live;
        private final Runnable end;
        private final AtomicBoolean over = new AtomicBoolean();

        Open(AccountId actor, Live live, Runnable end) {
            this.actor = actor;
            this.live = live;
            this.end = end;
        }

        @Override
        public void close() {
            if (over.compareAndSet(false, true)) {
                open.computeIfPresent(actor.value(), (_, those) -> {
                    those.remove(this);
                    return those.isEmpty() ? null : those;
                });
            }
        }

        void end() {
            if (!over.get()) {
                close();
                LOG.info(
                        "event=session-ended actor={} account={} protocol={} network={}",
                        actor,
                        live.account(),
                        live.protocol(),
                        live.network());
                try {
                    end.run();
                } catch (RuntimeException e) {
                    LOG.error("event=session-not-ended actor={} protocol={}", actor, live.protocol(), e);
                }
            }
        }
    }

    @Override
    public Session began(SignIn.Granted granted, Protocol protocol, InetAddress from, Runnable end) {
        Open session = new Open(
                granted.actor().id(),
                new Live(
                        granted.account().id(), protocol, Origin.of(from).network(), clock.instant(), granted.ground()),
                end);
        open.compute(session.actor.value(), (_, those) -> {
            Set<Open> sessions = those == null ? ConcurrentHashMap.newKeySet() : those;
            sessions.add(session);
            return sessions;
        });
        return session;
    }

    @Override
    public List<Live> of(AccountId actor) {
        return open.getOrDefault(actor.value(), Set.of()).stream()
                .map(each -> each.live)
                .sorted(Comparator.comparing(Live::since))
                .toList();
    }

    @Override
    public void signOut(AccountId account) {
        connections.transaction(c -> {
            Judge.ownOrCredentials(c, account, clock, ids);
            if (Sql.update(
                            c,
                            "update account set sign_outs = sign_outs + 1, signed_out = ? where id = ?",
                            Times.of(clock.instant()),
                            account.value())
                    == 0) {
                throw new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, account);
            }
            Sql.update(c, "delete from bearer_token where account_id = ?", account.value());
            Sql.update(c, "delete from web_session where account_id = ?", account.value());
            trail.record(
                    c,
                    new DirectoryChange(
                            Circumstances.current(clock),
                            Act.SIGN_OUT,
                            new Subject(Subject.Kind.ACCOUNT, account.toString())));
            changed(List.of(account.value()));
            return true;
        });
    }

    /** Has the sessions of these accounts looked at, on every node, once the current transaction was committed. */
    void changed(Collection<UUID> accounts) {
        if (accounts.isEmpty()) {
            return;
        }
        List<String> topics = accounts.size() > TOLD_MAX
                ? List.of(ALL)
                : accounts.stream().map(UUID::toString).distinct().toList();
        AfterCommit.run(() -> topics.forEach(topic -> {
            heard(topic);
            nodes.tell(topic);
        }));
    }

    private void heard(String topic) {
        boolean ours = topic.equals(ALL) || open.containsKey(UUID.fromString(topic));
        if (ours) {
            synchronized (dirty) {
                if (topic.equals(ALL)) {
                    all = true;
                } else {
                    dirty.add(UUID.fromString(topic));
                }
            }
            some.release();
        }
    }

    private void look() {
        long lookedAt = System.nanoTime();
        try {
            while (!closed) {
                long left = every.toNanos() - (System.nanoTime() - lookedAt);
                boolean told = left > 0 && some.tryAcquire(left, TimeUnit.NANOSECONDS);
                some.drainPermits();
                Set<UUID> which;
                synchronized (dirty) {
                    boolean everybody = all || !told;
                    which = everybody ? Set.copyOf(open.keySet()) : Set.copyOf(dirty);
                    all = false;
                    dirty.clear();
                    lookedAt = everybody ? System.nanoTime() : lookedAt;
                }
                if (!closed && !look(which)) {
                    again(which);
                    Thread.sleep(AGAIN);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts who looks at sessions", e);
        }
    }

    private void again(Set<UUID> which) {
        synchronized (dirty) {
            dirty.addAll(which);
        }
        some.release();
    }

    private boolean look(Set<UUID> actors) {
        List<Open> sessions = actors.stream()
                .flatMap(actor -> open.getOrDefault(actor, Set.of()).stream())
                .toList();
        try {
            for (int from = 0; from < sessions.size(); from += LOOK_MAX) {
                List<Open> some = sessions.subList(from, Math.min(sessions.size(), from + LOOK_MAX));
                Set<Integer> stand = new HashSet<>(connections.autoCommit(c -> standing(c, some)));
                for (int i = 0; i < some.size(); i++) {
                    if (!stand.contains(i)) {
                        some.get(i).end();
                    }
                }
            }
            return true;
        } catch (StoreUnavailable e) {
            LOG.debug("event=sessions-not-looked-at reason=\"{}\"", e.getMessage());
            return false;
        } catch (RuntimeException e) {
            LOG.error("event=sessions-not-looked-at", e);
            return false;
        }
    }

    private List<Integer> standing(Connection c, List<Open> sessions) throws SQLException {
        Instant now = clock.instant();
        return Sql.query(
                c,
                row -> row.getInt(1),
                STAND,
                LongStream.range(0, sessions.size()).boxed().toArray(Long[]::new),
                sessions.stream().map(it -> it.actor.value()).toArray(UUID[]::new),
                sessions.stream().map(it -> it.live.account().value()).toArray(UUID[]::new),
                sessions.stream()
                        .map(it -> it.live.ground().device().orElse(null))
                        .toArray(UUID[]::new),
                sessions.stream()
                        .map(it -> it.live
                                .ground()
                                .passwordChanged()
                                .map(Instant::toString)
                                .orElse(null))
                        .toArray(String[]::new),
                sessions.stream()
                        .map(it -> it.live
                                .ground()
                                .tokenUntil()
                                .map(Instant::toString)
                                .orElse(null))
                        .toArray(String[]::new),
                sessions.stream().map(it -> it.live.ground().signOuts()).toArray(Long[]::new),
                sessions.stream().map(it -> it.live.protocol() == Protocol.WEB).toArray(Boolean[]::new),
                Times.of(now),
                Times.of(now),
                Times.of(now),
                Times.of(now));
    }

    /** Looks no more; the sessions stay, for their protocols to end. */
    @Override
    public void close() {
        closed = true;
        some.release();
        nodes.close();
        try {
            looking.join(END_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
