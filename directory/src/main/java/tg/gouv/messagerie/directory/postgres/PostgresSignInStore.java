package tg.gouv.messagerie.directory.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.signin.Attempts;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.SignInStore;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** What sign-ins read and count, in the schema {@code directory}: with passwords, or with one-time codes. */
final class PostgresSignInStore implements SignInStore {
    /** How many rows one sweep removes: a sign-in waits for it. */
    private static final int SWEPT_MAX = 5_000;

    private static final int ATTEMPTS_COLUMNS = 5;

    private static final String FIND = """
            select coalesce(a.id, asked.nobody), c.hash, %s, %s, site.failures, site.since, %s, %s, use.access,
                c.since, coalesce(a.sign_outs, 0), a.signed_out, factor.secret, factor.key_name, factor.last_step, factor.failures, factor.since, device.*
            from (select ?::text as holder, ?::text as function, ?::uuid as nobody, ?::cidr as host, ?::cidr as network,
                ?::cidr as site) asked
            left join address holder on holder.address = asked.holder
            left join account a on a.id = holder.account_id
            left join %s
            left join second_factor factor on factor.account_id = a.id and factor.confirmed is not null
            left join lateral (
                select array_agg(d.id), array_agg(d.digest), array_agg(array_to_string(d.protocols, ',')),
                    array_agg(d.used), array_agg(d.used_network::text), array_agg(d.used_by)
                from device_password d
                where ?::boolean and d.account_id = a.id and (d.expires is null or d.expires > ?)) device on true
            left join sign_in_attempts th on th.subject = coalesce(a.id, asked.nobody) and th.network = asked.host
            left join sign_in_attempts tn on tn.subject = coalesce(a.id, asked.nobody) and tn.network = asked.network
            left join sign_in_site site on site.site = asked.site
            left join address function on function.address = asked.function
            left join lateral (
                select any_use.* from (%s) any_use
                where any_use.function_id = function.account_id and not %s) use on true
            left join account f on f.id = use.function_id
            """.formatted(
                    attempts("th"),
                    attempts("tn"),
                    Accounts.columns("a"),
                    Accounts.columns("f"),
                    "%s",
                    FunctionUse.by("a.id").replace("%", "%%"),
                    PostgresHiddenFunctions.has("a.id", "function.account_id"));

    /** The secrets {@code c}; the moment of the attempt is a parameter. */
    private static final String PASSWORDS =
            "(select account_id, hash, changed as since from credential) c on c.account_id = a.id and ?::timestamptz is not null";

    private static final String CODES = "(select account_id, hash, issued as since, expires from activation_code) c"
            + " on c.account_id = a.id and c.expires > ?::timestamptz";

    private final Connections connections;
    private final String find;
    private final FactorKeys keys;

    private PostgresSignInStore(Connections connections, String secrets, FactorKeys keys) {
        this.keys = keys;
        this.connections = connections;
        this.find = FIND.formatted(secrets);
    }

    /** Sign-ins with passwords. */
    static PostgresSignInStore ofPasswords(Connections connections, FactorKeys keys) {
        return new PostgresSignInStore(connections, PASSWORDS, keys);
    }

    /** Sign-ins with one-time codes, counted with those. */
    static PostgresSignInStore ofCodes(Connections connections, FactorKeys keys) {
        return new PostgresSignInStore(connections, CODES, keys);
    }

    @Override
    public Found find(Asked asked) {
        OffsetDateTime now = Times.of(asked.now());
        return connections
                .autoCommit(c -> Sql.first(
                        c,
                        this::found,
                        find,
                        text(asked.holder()),
                        text(asked.function()),
                        asked.nobody(),
                        asked.origin().host(),
                        asked.origin().network(),
                        asked.origin().site(),
                        now,
                        asked.byDevice(),
                        now,
                        now,
                        now))
                .orElseThrow();
    }

    @Override
    public Settled settle(UUID subject, String network, Instant now, UnaryOperator<Attempts> change) {
        OffsetDateTime time = Times.of(now);
        return connections.transaction(c -> {
            Attempts before = Sql.first(
                            c, row -> attemptsAt(row, 1), """
                            insert into sign_in_attempts as it (subject, network, failures, marks, touched)
                            values (?, ?::cidr, 0, '{}', ?)
                            on conflict (subject, network) do update set touched = excluded.touched
                            returning %s
                            """.formatted(attempts("it")), subject, network, time)
                    .orElseThrow();
            Attempts after = change.apply(before);
            if (!after.equals(before)) {
                Sql.update(
                        c,
                        """
                        update sign_in_attempts set failures = ?, marks = ?, failed_at = ?, closed_until = ?, good_at = ?
                        where subject = ? and network = ?::cidr
                        """,
                        after.failures(),
                        after.marks().toArray(Long[]::new),
                        time(after.failedAt()),
                        time(after.closedUntil()),
                        time(after.goodAt()),
                        subject,
                        network);
            }
            return new Settled(before, after);
        });
    }

    @Override
    public void countFailure(String site, Instant now, Instant forgotten) {
        OffsetDateTime before = Times.of(forgotten);
        connections.autoCommit(c -> Sql.update(c, """
                insert into sign_in_site as it (site, failures, since) values (?::cidr, 1, ?)
                on conflict (site) do update set
                    failures = case when it.since <= ? then 1 else it.failures + 1 end,
                    since = case when it.since <= ? then excluded.since else it.since end
                """, site, Times.of(now), before, before));
    }

    @Override
    public boolean replaceHash(AccountId account, String before, String after) {
        return connections.autoCommit(c -> Sql.update(
                        c,
                        "update credential set hash = ? where account_id = ? and hash = ?",
                        after,
                        account.value(),
                        before))
                == 1;
    }

    @Override
    public void used(UUID device, DevicePasswords.Use use, Instant unless) {
        connections.autoCommit(c -> Sql.update(
                c, """
                update device_password set used = ?, used_network = ?::cidr, used_by = ?
                where id = ? and (used is null or used <= ?)
                """, Times.of(use.at()), use.network(), DeviceRows.word(use.protocol()), device, Times.of(unless)));
    }

    @Override
    public boolean useStep(AccountId account, long step) {
        return connections.autoCommit(c -> Sql.update(
                        c,
                        "update second_factor set last_step = ?, failures = 0, since = null where account_id = ? and last_step < ?",
                        step,
                        account.value(),
                        step))
                == 1;
    }

    @Override
    public boolean useRecoveryCode(AccountId account, byte[] digest) {
        return connections.autoCommit(c -> Sql.update(
                        c, "delete from recovery_code where account_id = ? and digest = ?", account.value(), digest))
                == 1;
    }

    @Override
    public boolean hasRecoveryCode(AccountId subject, byte[] digest) {
        return connections
                .autoCommit(c -> Sql.first(
                        c,
                        row -> true,
                        "select from recovery_code where account_id = ? and digest = ?",
                        subject.value(),
                        digest))
                .isPresent();
    }

    @Override
    public void countWrongCode(AccountId account, Instant now) {
        connections.autoCommit(c -> PostgresSecondFactors.countWrongCode(c, account, now));
    }

    @Override
    public void sweep(Instant attemptsBefore, Instant sitesBefore) {
        connections.autoCommit(c -> {
            Sql.update(c, """
                    delete from sign_in_attempts where (subject, network) in (
                        select subject, network from sign_in_attempts where touched < ? order by touched limit ?
                        for update skip locked)
                    """, Times.of(attemptsBefore), SWEPT_MAX);
            return Sql.update(c, """
                    delete from sign_in_site where site in (
                        select site from sign_in_site where since < ? order by since limit ? for update skip locked)
                    """, Times.of(sitesBefore), SWEPT_MAX);
        });
    }

    private static String attempts(String alias) {
        return "%1$s.failures, %1$s.marks, %1$s.failed_at, %1$s.closed_until, %1$s.good_at".formatted(alias);
    }

    private Found found(ResultSet row) throws SQLException {
        int host = 3;
        int network = host + ATTEMPTS_COLUMNS;
        int site = network + ATTEMPTS_COLUMNS;
        int holder = site + 2;
        int function = holder + Accounts.COLUMNS;
        Optional<Instant> since = Times.read(row, site + 1);
        int set = function + Accounts.COLUMNS + 1;
        return new Found(
                row.getObject(1, UUID.class),
                Accounts.ifAny(row, holder),
                row.getString(2) == null
                        ? Optional.empty()
                        : Optional.of(new Password(
                                row.getString(2), Times.read(row, set).orElseThrow())),
                DeviceRows.aggregated(row, set + 8),
                secondFactor(row, set + 3, row.getObject(1, UUID.class)),
                row.getLong(set + 1),
                Times.read(row, set + 2),
                Accounts.ifAny(row, function),
                Optional.ofNullable(row.getString(function + Accounts.COLUMNS))
                        .map(access -> FunctionAccess.valueOf(access.toUpperCase(Locale.ROOT))),
                attemptsAt(row, host),
                attemptsAt(row, network),
                since.isEmpty() ? SiteFailures.NONE : new SiteFailures(row.getInt(site), since));
    }

    private Optional<SecondFactor> secondFactor(ResultSet row, int column, UUID owner) throws SQLException {
        byte[] secret = row.getBytes(column);
        return secret == null
                ? Optional.empty()
                : Optional.of(new SecondFactor(
                        keys.open(new AccountId(owner), new FactorKeys.Sealed(secret, row.getBytes(column + 1))),
                        row.getLong(column + 2),
                        row.getInt(column + 3),
                        Times.read(row, column + 4)));
    }

    private static Attempts attemptsAt(ResultSet row, int column) throws SQLException {
        if (row.getArray(column + 1) == null) {
            return Attempts.NONE;
        }
        return new Attempts(
                row.getInt(column),
                List.of((Long[]) row.getArray(column + 1).getArray()),
                Times.read(row, column + 2),
                Times.read(row, column + 3),
                Times.read(row, column + 4));
    }

    private static @Nullable String text(Optional<MailAddress> address) {
        return address.map(MailAddress::toString).orElse(null);
    }

    private static @Nullable OffsetDateTime time(Optional<Instant> instant) {
        return instant.map(Times::of).orElse(null);
    }
}
