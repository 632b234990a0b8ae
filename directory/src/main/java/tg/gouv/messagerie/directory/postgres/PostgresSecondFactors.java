package tg.gouv.messagerie.directory.postgres;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.signin.RecoveryCode;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.Totp;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;
import tg.gouv.messagerie.platform.settings.Secret;

/* Acts on one account's second factor come one after the other: each begins by locking the account's row. */
/** Second factors in the tables {@code second_factor} and {@code recovery_code}. */
final class PostgresSecondFactors implements SecondFactors {
    private static final Logger LOG = LoggerFactory.getLogger(SecondFactors.class);
    private static final int RECOVERY_CODES = 10;
    private static final int SEALED_AT_ONCE = 1_000;
    private static final String ISSUER = "Messagerie";

    private final Connections connections;
    private final AuditTrail trail;
    private final PostgresSessions sessions;
    private final InstantSource clock;
    private final SecureRandom random;
    private final FactorKeys keys;
    private final Uuid7 ids;

    PostgresSecondFactors(
            Connections connections,
            AuditTrail trail,
            PostgresSessions sessions,
            InstantSource clock,
            SecureRandom random,
            FactorKeys keys) {
        this.connections = connections;
        this.keys = keys;
        this.trail = trail;
        this.sessions = sessions;
        this.clock = clock;
        this.random = random;
        this.ids = new Uuid7(clock, random);
    }

    /** A row of {@code second_factor}. */
    private record Known(FactorKeys.Sealed secret, boolean on, long lastStep) {}

    /** Seals what an earlier version left in the clear, and says what was sealed with another key. */
    void sealAll() {
        boolean more = true;
        while (more) {
            more = connections.transaction(this::sealSome);
        }
        long others = connections
                .autoCommit(c -> Sql.first(
                        c,
                        row -> row.getLong(1),
                        "select count(*) from second_factor where key_name is distinct from ?",
                        (Object) keys.name().orElse(null)))
                .orElse(0L);
        if (others > 0) {
            LOG.error("event=second-factor-key-not-here people={}", others);
        }
    }

    private boolean sealSome(Connection c) throws SQLException {
        record Clear(AccountId owner, FactorKeys.Sealed secret) {
            FactorKeys.Sealed sealed(FactorKeys with) {
                return with.seal(owner, with.open(owner, secret).orElseThrow());
            }
        }
        List<Clear> some = Sql.query(
                c,
                row -> new Clear(
                        new AccountId(row.getObject(1, UUID.class)), new FactorKeys.Sealed(row.getBytes(2), null)),
                "select account_id, secret from second_factor where key_name is null limit ? for update skip locked",
                SEALED_AT_ONCE);
        if (some.isEmpty()) {
            return false;
        }
        demandKey(c);
        Sql.update(
                c,
                "update second_factor f set secret = decode(s.secret, 'hex'), key_name = ? from unnest(?::uuid[], ?::text[])"
                        + " as s (owner, secret) where f.account_id = s.owner",
                keys.name().orElseThrow(),
                some.stream().map(it -> it.owner().value()).toArray(UUID[]::new),
                some.stream()
                        .map(it -> it.sealed(keys).secret())
                        .map(HexFormat.of()::formatHex)
                        .toArray(String[]::new));
        return some.size() == SEALED_AT_ONCE;
    }

    /** Makes the key, unless secrets are sealed that it could not open: with two keys on two nodes each would open half. */
    private void demandKey(Connection c) throws SQLException {
        if (keys.name().isEmpty()
                && Sql.first(c, row -> true, "select from second_factor where key_name is not null limit 1")
                        .isPresent()) {
            LOG.error("event=second-factor-key-not-here");
            throw new StoreUnavailable(
                    "secrets of telephones are sealed with a key that is not here: directory/second-factor.key", false);
        }
        keys.make();
    }

    /** What the owner's telephone knows. */
    private byte[] open(AccountId owner, Known known) {
        return keys.open(owner, known.secret())
                .orElseThrow(() ->
                        new StoreUnavailable("the key with which this second factor is sealed is not here", false));
    }

    @Override
    public Status of(AccountId owner) {
        return connections
                .autoCommit(c -> Sql.first(c, row -> new Status(Times.read(row, 1), row.getInt(2)), """
                        select f.confirmed, (select count(*) from recovery_code r where r.account_id = f.account_id)
                        from second_factor f where f.account_id = ? and f.confirmed is not null
                        """, owner.value()))
                .orElse(new Status(Optional.empty(), 0));
    }

    @Override
    public Enrolment begin(AccountId owner) {
        demandOwner(owner);
        byte[] secret = new byte[Totp.SECRET_BYTES];
        random.nextBytes(secret);
        String address = connections.transaction(c -> {
            if (known(c, owner).filter(Known::on).isPresent()) {
                throw new ProvisioningRefused(Reason.SECOND_FACTOR_ON);
            }
            demandKey(c);
            FactorKeys.Sealed sealed = keys.seal(owner, secret);
            Sql.update(c, """
                    insert into second_factor(account_id, secret, key_name, made) values (?, ?, ?, ?)
                    on conflict (account_id) do update
                        set secret = excluded.secret, key_name = excluded.key_name, made = excluded.made
                    """, owner.value(), sealed.secret(), sealed.keyName(), Times.of(now()));
            return Sql.first(
                            c,
                            row -> row.getString(1),
                            "select address from address where account_id = ? and role = 'primary'",
                            owner.value())
                    .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, owner));
        });
        String text = Totp.base32(secret);
        return new Enrolment(
                new Secret(text),
                URI.create("otpauth://totp/" + ISSUER + ":" + URLEncoder.encode(address, StandardCharsets.UTF_8)
                        + "?secret=" + text + "&issuer=" + ISSUER));
    }

    @Override
    public List<Secret> confirm(AccountId owner, Secret code) {
        demandOwner(owner);
        return connections.transaction(c -> {
            Known known = known(c, owner).orElseThrow(() -> new ProvisioningRefused(Reason.NO_SECOND_FACTOR));
            if (known.on()) {
                throw new ProvisioningRefused(Reason.SECOND_FACTOR_ON);
            }
            OptionalLong step = Totp.step(open(owner, known), code, now(), known.lastStep());
            if (step.isEmpty()) {
                throw new ProvisioningRefused(Reason.BAD_CODE);
            }
            Sql.update(
                    c,
                    "update second_factor set confirmed = greatest(made, ?), last_step = ? where account_id = ?",
                    Times.of(now()),
                    step.getAsLong(),
                    owner.value());
            List<Secret> codes = new ArrayList<>();
            for (int i = 0; i < RECOVERY_CODES; i++) {
                Secret each = RecoveryCode.random(random);
                codes.add(each);
                Sql.update(
                        c,
                        "insert into recovery_code(account_id, digest) values (?, ?)",
                        owner.value(),
                        RecoveryCode.digest(owner, each));
            }
            changed(c, owner, Act.SECOND_FACTOR_ON);
            return codes;
        });
    }

    @Override
    public void demand(AccountId owner, Secret code) {
        demandOwner(owner);
        counted(owner, c -> {
            Known known = known(c, owner)
                    .filter(Known::on)
                    .orElseThrow(() -> new ProvisioningRefused(Reason.NO_SECOND_FACTOR));
            demandRight(c, owner, known, Optional.of(code));
            return true;
        });
    }

    @Override
    public boolean off(AccountId owner, Optional<Secret> code) {
        Actor actor = Circumstances.current(clock).actor();
        return actor.equals(new Actor.Account(owner.value()))
                ? counted(owner, c -> off(c, owner, code, actor, true))
                : connections.transaction(c -> off(c, owner, code, actor, false));
    }

    /** Does in a transaction what asks for a code; wrong ones are counted, and a bounded number of them is looked at. */
    private boolean counted(AccountId owner, Connections.Work<Boolean, RuntimeException> work) {
        demandFewWrongCodes(owner);
        try {
            return connections.transaction(work);
        } catch (ProvisioningRefused e) {
            if (e.reason() == Reason.BAD_CODE) { // its transaction was undone
                connections.autoCommit(c -> countWrongCode(c, owner, now()));
            }
            throw e;
        }
    }

    /** Counts a wrong code. */
    static int countWrongCode(Connection connection, AccountId owner, Instant now) throws SQLException {
        OffsetDateTime before = Times.of(now.minus(WRONG_CODES_WINDOW));
        return Sql.update(connection, """
                update second_factor set
                    failures = case when since > ? then failures + 1 else 1 end,
                    since = case when since > ? then since else ? end
                where account_id = ?
                """, before, before, Times.of(now), owner.value());
    }

    /** A token that was stolen does not try all codes. */
    private void demandFewWrongCodes(AccountId owner) {
        boolean many = connections
                .autoCommit(c -> Sql.first(
                        c,
                        row -> true,
                        "select from second_factor where account_id = ? and failures >= ? and since > ?",
                        owner.value(),
                        WRONG_CODES_MAX,
                        Times.of(now().minus(WRONG_CODES_WINDOW))))
                .isPresent();
        if (many) {
            throw new ProvisioningRefused(Reason.TOO_MANY_CODES);
        }
    }

    private boolean off(Connection c, AccountId owner, Optional<Secret> code, Actor actor, boolean own)
            throws SQLException {
        if (!own && !Judge.trusts(actor)) {
            Write write = new Write(c, now(), ids);
            write.begin();
            new Judge(write, actor).credentials(owner.value());
        }
        Optional<Known> known = known(c, owner).filter(Known::on);
        if (known.isEmpty()) {
            return false;
        }
        if (own) {
            demandRight(c, owner, known.get(), code);
        }
        Sql.update(c, "delete from second_factor where account_id = ?", owner.value());
        changed(c, owner, Act.SECOND_FACTOR_OFF);
        return true;
    }

    /** Uses the code up. */
    private void demandRight(Connection c, AccountId owner, Known known, Optional<Secret> code) throws SQLException {
        boolean right = code.isPresent()
                && (Totp.looksLike(code.get())
                        ? isOfNow(c, owner, known, code.get())
                        : Sql.update(
                                        c,
                                        "delete from recovery_code where account_id = ? and digest = ?",
                                        owner.value(),
                                        RecoveryCode.digest(owner, code.get()))
                                == 1);
        if (!right) {
            throw new ProvisioningRefused(Reason.BAD_CODE);
        }
    }

    private boolean isOfNow(Connection c, AccountId owner, Known known, Secret code) throws SQLException {
        OptionalLong step = Totp.step(open(owner, known), code, now(), known.lastStep());
        return step.isPresent()
                && Sql.update(
                                c,
                                "update second_factor set last_step = ?, failures = 0, since = null where account_id = ?",
                                step.getAsLong(),
                                owner.value())
                        == 1;
    }

    /** Locks the account, and reads what there is. */
    private static Optional<Known> known(Connection c, AccountId owner) throws SQLException {
        Boolean person = Sql.first(
                        c,
                        row -> row.getString(1).equals("person"),
                        "select kind from account where id = ? for update",
                        owner.value())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, owner));
        if (!person) {
            throw new ProvisioningRefused(Reason.NO_PASSWORD_FOR_A_FUNCTION, owner);
        }
        return Sql.first(
                c,
                row -> new Known(
                        new FactorKeys.Sealed(row.getBytes(1), row.getBytes(2)), row.getBoolean(3), row.getLong(4)),
                "select secret, key_name, confirmed is not null, last_step from second_factor where account_id = ? for update",
                owner.value());
    }

    private void changed(Connection c, AccountId owner, Act act) throws SQLException {
        Sql.update(c, "delete from bearer_token where account_id = ?", owner.value());
        Sql.update(c, "delete from web_session where account_id = ?", owner.value());
        trail.record(
                c,
                new DirectoryChange(
                        Circumstances.current(clock), act, new Subject(Subject.Kind.ACCOUNT, owner.toString())));
        sessions.changed(List.of(owner.value()));
    }

    private void demandOwner(AccountId owner) {
        if (!Circumstances.current(clock).actor().equals(new Actor.Account(owner.value()))) {
            throw new IllegalStateException("only its owner turns a second factor on");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
