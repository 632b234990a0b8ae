package tg.gouv.messagerie.directory.postgres;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.BearerTokens;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.SecretSignIns;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.Secret;

/** Tokens in the table {@code bearer_token}. */
final class PostgresBearerTokens implements BearerTokens {
    private final Connections connections;
    private final SecretSignIns signIns;
    private final SecondFactors factors;
    private final Rights rights;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Duration lifetime;
    private final boolean secondFactorOfAdministrators;

    PostgresBearerTokens(
            Connections connections,
            SecretSignIns signIns,
            SecondFactors factors,
            Rights rights,
            InstantSource clock,
            SecureRandom random,
            Duration lifetime,
            boolean secondFactorOfAdministrators) {
        this.connections = connections;
        this.factors = factors;
        this.rights = rights;
        this.secondFactorOfAdministrators = secondFactorOfAdministrators;
        this.signIns = signIns;
        this.clock = clock;
        this.random = random;
        this.lifetime = lifetime;
    }

    @Override
    public Outcome issue(String login, Secret password, Optional<Secret> code, InetAddress from) {
        SecretSignIns.Answered answered = signIns.signInToWeb(login, password, code, from);
        if (answered.codeNeeded()) {
            return new Outcome.CodeNeeded();
        }
        return switch (answered.answer()) {
            case SignIn.Granted granted ->
                granted.account().id().equals(granted.actor().id())
                        ? issued(granted.account().id(), from)
                        : new Outcome.Refused();
            case SignIn.Refused() -> new Outcome.Refused();
            case SignIn.Throttled(Instant until) -> new Outcome.Throttled(until);
        };
    }

    /** Whether somebody must have a second factor and has none. */
    private boolean mustEnrol(AccountId account) {
        return secondFactorOfAdministrators
                && factors.of(account).since().isEmpty()
                && !rights.heldBy(account).isEmpty();
    }

    /** Writes a new token, and removes those that are over. */
    private Outcome issued(AccountId account, InetAddress from) {
        Secret token = RandomSecret.next(random);
        Instant now = clock.instant();
        Instant expires = now.plus(lifetime);
        boolean enrolsOnly = mustEnrol(account);
        connections.transaction(c -> {
            Sql.update(c, "delete from bearer_token where expires <= ?", Times.of(now));
            return Sql.update(
                    c,
                    "insert into bearer_token(hash, account_id, issued, expires, network, enrols_only) values (?, ?, ?, ?, ?::cidr, ?)",
                    RandomSecret.hash(token),
                    account.value(),
                    Times.of(now),
                    Times.of(expires),
                    Origin.of(from).network(),
                    enrolsOnly);
        });
        return new Outcome.Issued(token, account, expires, enrolsOnly);
    }

    @Override
    public Optional<Holder> holder(Secret token) {
        return connections.autoCommit(c -> Sql.first(
                c,
                row -> new Holder(new AccountId(row.getObject(1, UUID.class)), row.getBoolean(2)),
                """
                select t.account_id, t.enrols_only from bearer_token t
                join account a on a.id = t.account_id and a.state = 'active'
                join credential k on k.account_id = t.account_id and k.changed <= t.issued
                where t.hash = ? and t.expires > ?
                """,
                RandomSecret.hash(token),
                Times.of(clock.instant())));
    }

    @Override
    public void revoke(Secret token) {
        connections.autoCommit(
                c -> Sql.update(c, "delete from bearer_token where hash = ?", (Object) RandomSecret.hash(token)));
    }
}
