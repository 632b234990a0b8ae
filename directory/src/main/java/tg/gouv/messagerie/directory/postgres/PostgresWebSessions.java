package tg.gouv.messagerie.directory.postgres;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.Ground;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.directory.signin.SecretSignIns;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignInSettings;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * What changes a password or a second factor, or signs out everywhere, removes the account's rows in its transaction, behind the lock of
 * the account or of its password. A row is written behind the same locks, after a look whether what was shown still stands: so none that
 * stands on what was taken back is written later, however long the sign-in took. What is left, the state of the account, each request
 * asks for.
 */
/** Sessions in the table {@code web_session}. */
final class PostgresWebSessions implements WebSessions {
    /** For how long the password was right, and a code may come. */
    static final Duration CODE_WITHIN = Duration.ofMinutes(5);

    /** How many an account has, of those that serve and of those that wait; those used longest ago make room. */
    static final int MOST = 50;

    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);

    /** One statement's worth. */
    private static final int SWEPT_AT_ONCE = 5_000;

    /** Its parameters: now, and since when one must have been seen. */
    private static final String SERVING = """
            from (select ?::timestamptz as now, ?::timestamptz as seen) asked cross join web_session s
            join account a on a.id = s.account_id and a.state = 'active'
            join credential k on k.account_id = a.id and k.changed = s.password
            where not s.waiting and s.expires > asked.now and s.seen > asked.seen
            """;

    private static final String VISITOR =
            """
            with serving as (
                select s.id as session, s.proved, s.program,
                    ?::boolean and not exists (
                        select from second_factor f where f.account_id = a.id and f.confirmed is not null) and %s as enrols_only, %s
                %s and s.hash = ?),
            used as (
                update web_session u set seen = ? from serving where u.id = serving.session and u.seen <= ?)
            select * from serving
            """.formatted(GrantRows.holdsAny("a.id", "asked.now"), Accounts.columns("a"), SERVING);

    private final Connections connections;
    private final SecretSignIns signIns;
    private final AuditTrail trail;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Uuid7 ids;
    private final Duration idle;
    private final Duration longest;
    private final boolean secondFactorOfAdministrators;

    PostgresWebSessions(
            Connections connections,
            SecretSignIns signIns,
            AuditTrail trail,
            InstantSource clock,
            SecureRandom random,
            SignInSettings settings) {
        this.connections = connections;
        this.signIns = signIns;
        this.trail = trail;
        this.clock = clock;
        this.random = random;
        this.ids = new Uuid7(clock, random);
        this.idle = settings.webSessionIdle();
        this.longest = settings.webSessionMax();
        this.secondFactorOfAdministrators = settings.secondFactorOfAdministrators();
    }

    /** Where a session begins or goes on, and in what. */
    private record Seat(String network, String program) {
        static Seat of(InetAddress from, String program) {
            return new Seat(Origin.of(from).network(), program);
        }
    }

    /** A row that waits for a code. */
    private record Waiting(MailAddress primary, Instant password, String program) {}

    @Override
    public Outcome begin(String login, Secret password, InetAddress from, String program) {
        SecretSignIns.Answered answered = signIns.signInToWeb(login, password, Optional.empty(), from);
        Seat seat = Seat.of(from, BrowserName.of(program));
        if (answered.half().isPresent()) {
            SecretSignIns.Half half = answered.half().get();
            return half.account().id().equals(half.actor().id())
                    ? written(half.actor().id(), half.ground(), new Step.Waits(), seat)
                            .<Outcome>map(Outcome.CodeNeeded::new)
                            .orElseGet(Outcome.Refused::new)
                    : new Outcome.Refused();
        }
        return outcome(answered.answer(), new Step.Alone(), seat);
    }

    /** The outcome of a sign-in, with the session that it begins. */
    private Outcome outcome(SignIn answer, Step step, Seat seat) {
        return switch (answer) {
            case SignIn.Granted granted -> {
                AccountId owner = granted.actor().id();
                yield isOwn(granted)
                        ? written(owner, granted.ground(), step, seat)
                                .<Outcome>map(secret -> new Outcome.Begun(secret, owner))
                                .orElseGet(Outcome.Refused::new)
                        : new Outcome.Refused();
            }
            case SignIn.Refused() -> new Outcome.Refused();
            case SignIn.Throttled(Instant until) -> new Outcome.Throttled(until);
        };
    }

    private static boolean isOwn(SignIn.Granted granted) {
        return granted.account().id().equals(granted.actor().id());
    }

    @Override
    public Outcome code(Secret waiting, Secret code, InetAddress from) {
        Optional<Waiting> found = connections.autoCommit(c -> Sql.first(
                c,
                row -> new Waiting(
                        MailAddress.of(row.getString(1)), Times.read(row, 2).orElseThrow(), row.getString(3)),
                """
                select d.address, s.password, s.program from web_session s
                join account a on a.id = s.account_id and a.state = 'active'
                join credential k on k.account_id = a.id and k.changed = s.password
                join address d on d.account_id = a.id and d.role = 'primary'
                where s.hash = ? and s.waiting and s.expires > ?
                """,
                RandomSecret.hash(waiting),
                Times.of(now())));
        if (found.isEmpty()) {
            return new Outcome.Refused();
        }
        Waiting half = found.get();
        return outcome(
                signIns.codeToWeb(half.primary(), half.password(), code, from),
                new Step.After(waiting),
                Seat.of(from, half.program()));
    }

    /** Which step of signing in writes a row. */
    private sealed interface Step {
        /** The only one: the account has no second factor. */
        record Alone() implements Step {}

        /** The first of two. */
        record Waits() implements Step {}

        /** The second: what waited goes, and the session has a secret of its own. */
        record After(Secret waiting) implements Step {}
    }

    /** The secret of a new row, if what was shown for it still stands. */
    private Optional<Secret> written(AccountId owner, Ground ground, Step step, Seat seat) {
        Secret secret = RandomSecret.next(random);
        boolean written = connections.transaction(c -> {
            boolean stands = stands(c, owner, ground)
                    && hasSecondFactor(c, owner) == !(step instanceof Step.Alone)
                    && (!(step instanceof Step.After(Secret waiting)) || removed(c, owner, waiting));
            if (stands) {
                insert(c, secret, owner, step instanceof Step.Waits, ground, seat);
            }
            return stands;
        });
        return written ? Optional.of(secret) : Optional.empty();
    }

    /** Of two who come with the same one, and right codes, one begins a session. */
    private static boolean removed(Connection c, AccountId owner, Secret waiting) throws SQLException {
        return Sql.update(
                        c,
                        "delete from web_session where hash = ? and waiting and account_id = ?",
                        RandomSecret.hash(waiting),
                        owner.value())
                == 1;
    }

    /** Whether what somebody signed in with is still so; who takes it back waits for the end of this transaction. */
    private static boolean stands(Connection c, AccountId owner, Ground ground) throws SQLException {
        return Sql.first(
                        c,
                        row -> true,
                        """
                        select from account a join credential k on k.account_id = a.id
                        where a.id = ? and a.state = 'active' and a.sign_outs = ? and k.changed = ? for share
                        """,
                        owner.value(),
                        ground.signOuts(),
                        Times.of(ground.passwordChanged().orElseThrow()))
                .isPresent();
    }

    /** Asked after {@link #stands}, behind its lock. */
    private static boolean hasSecondFactor(Connection c, AccountId owner) throws SQLException {
        return Sql.first(
                        c,
                        row -> true,
                        "select from second_factor where account_id = ? and confirmed is not null",
                        owner.value())
                .isPresent();
    }

    private void insert(Connection c, Secret secret, AccountId owner, boolean waiting, Ground ground, Seat seat)
            throws SQLException {
        Instant now = now();
        Sql.update(
                c,
                """
                insert into web_session(hash, id, account_id, waiting, begun, seen, proved, password, expires, network, program)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::cidr, ?)
                """,
                RandomSecret.hash(secret),
                ids.next(),
                owner.value(),
                waiting,
                Times.of(now),
                Times.of(now),
                Times.of(now),
                Times.of(ground.passwordChanged().orElseThrow()),
                Times.of(now.plus(waiting ? CODE_WITHIN : longest)),
                seat.network(),
                seat.program());
        Sql.update(c, """
                delete from web_session where hash in (
                    select hash from web_session where account_id = ? and waiting = ? order by seen desc, id desc offset ?)
                """, owner.value(), waiting, MOST);
    }

    @Override
    public Optional<Visitor> visitor(Secret session) {
        Instant now = now();
        return connections.autoCommit(c -> Sql.first(
                c,
                PostgresWebSessions::visitor,
                VISITOR,
                secondFactorOfAdministrators,
                Times.of(now),
                unseen(now),
                RandomSecret.hash(session),
                Times.of(now),
                Times.of(now.minus(SEEN_EVERY))));
    }

    private static Visitor visitor(ResultSet row) throws SQLException {
        Account owner = Accounts.at(row, 5);
        return new Visitor(
                row.getObject(1, UUID.class),
                owner,
                Times.read(row, 2).orElseThrow(),
                row.getBoolean(4),
                row.getString(3));
    }

    @Override
    public Outcome prove(Secret session, Secret password, InetAddress from) {
        Optional<Visitor> visitor = visitor(session);
        if (visitor.isEmpty()) {
            return new Outcome.Refused();
        }
        Account owner = visitor.get().owner();
        return switch (signIns.passwordAgain(owner.primary(), password, from)) {
            case SignIn.Granted granted ->
                isOwn(granted) && granted.actor().id().equals(owner.id())
                        ? proved(session, granted, from)
                        : new Outcome.Refused();
            case SignIn.Refused() -> new Outcome.Refused();
            case SignIn.Throttled(Instant until) -> new Outcome.Throttled(until);
        };
    }

    private Outcome proved(Secret session, SignIn.Granted granted, InetAddress from) {
        AccountId owner = granted.actor().id();
        Secret secret = RandomSecret.next(random);
        Instant now = now();
        boolean stands = connections.transaction(c -> stands(c, owner, granted.ground())
                && Sql.update(
                                c,
                                """
                                update web_session set hash = ?, seen = ?, proved = ?, network = ?::cidr
                                where hash = ? and account_id = ? and not waiting and expires > ? and password = ?
                                """,
                                RandomSecret.hash(secret),
                                Times.of(now),
                                Times.of(now),
                                Origin.of(from).network(),
                                RandomSecret.hash(session),
                                owner.value(),
                                Times.of(now),
                                Times.of(granted.ground().passwordChanged().orElseThrow()))
                        == 1);
        return stands ? new Outcome.Begun(secret, owner) : new Outcome.Refused();
    }

    @Override
    public Secret renew(Visitor visitor, InetAddress from) {
        UUID owner = visitor.owner().id().value();
        Secret secret = RandomSecret.next(random);
        Instant now = now();
        return connections.transaction(c -> {
            Instant password = Sql.first(c, row -> Times.read(row, 1).orElseThrow(), """
                            select k.changed from account a join credential k on k.account_id = a.id
                            where a.id = ? and a.state = 'active' for share
                            """, owner)
                    .orElseThrow(
                            () -> new IllegalStateException("no session goes on in an account that is not active"));
            Sql.update(
                    c,
                    """
                    insert into web_session as s(
                        hash, id, account_id, waiting, begun, seen, proved, password, expires, network, program)
                    values (?, ?, ?, false, ?, ?, ?, ?, ?, ?::cidr, ?)
                    on conflict (id) do update set hash = excluded.hash, seen = excluded.seen, proved = excluded.proved,
                        password = excluded.password, network = excluded.network
                    where s.account_id = excluded.account_id
                    """,
                    RandomSecret.hash(secret),
                    visitor.id(),
                    owner,
                    Times.of(now),
                    Times.of(now),
                    Times.of(visitor.proved()),
                    Times.of(password),
                    Times.of(now.plus(longest)),
                    Origin.of(from).network(),
                    visitor.program());
            return secret;
        });
    }

    @Override
    public void end(Secret session) {
        connections.autoCommit(
                c -> Sql.update(c, "delete from web_session where hash = ?", (Object) RandomSecret.hash(session)));
    }

    @Override
    public List<Open> of(AccountId owner) {
        Instant now = now();
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> new Open(
                        row.getObject(1, UUID.class),
                        Times.read(row, 2).orElseThrow(),
                        Times.read(row, 3).orElseThrow(),
                        row.getString(4),
                        row.getString(5)),
                "select s.id, s.begun, s.seen, s.network::text, s.program " + SERVING
                        + " and s.account_id = ? order by s.seen desc, s.id desc limit ?",
                Times.of(now),
                unseen(now),
                owner.value(),
                MOST));
    }

    @Override
    public boolean end(AccountId owner, UUID session) {
        return connections.transaction(c -> {
            Judge.ownOrCredentials(c, owner, clock, ids);
            boolean ended = Sql.update(
                            c,
                            "delete from web_session where account_id = ? and id = ? and not waiting",
                            owner.value(),
                            session)
                    == 1;
            if (ended) {
                trail.record(
                        c,
                        new DirectoryChange(
                                Circumstances.current(clock),
                                Act.WEB_SESSION_ENDED,
                                new Subject(Subject.Kind.ACCOUNT, owner.toString())));
            }
            return ended;
        });
    }

    @Override
    public int sweep() {
        int all = 0;
        int some;
        do {
            Instant now = now();
            some = connections.autoCommit(c -> Sql.update(c, """
                    delete from web_session where hash in (
                        select hash from web_session where expires <= ? or seen <= ? limit ? for update skip locked)
                    """, Times.of(now), unseen(now), SWEPT_AT_ONCE));
            all += some;
        } while (some == SWEPT_AT_ONCE);
        return all;
    }

    /** Who was not seen since then is away. */
    private OffsetDateTime unseen(Instant now) {
        return Times.of(now.minus(idle));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
