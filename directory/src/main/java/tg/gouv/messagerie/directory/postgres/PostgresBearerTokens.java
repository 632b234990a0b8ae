package tg.gouv.messagerie.directory.postgres;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.signin.BearerTokens;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.Secret;

/** Tokens in the table {@code bearer_token}. */
final class PostgresBearerTokens implements BearerTokens {
    private static final int BYTES = 32;

    private final Connections connections;
    private final SignIns signIns;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Duration lifetime;

    PostgresBearerTokens(
            Connections connections, SignIns signIns, InstantSource clock, SecureRandom random, Duration lifetime) {
        this.connections = connections;
        this.signIns = signIns;
        this.clock = clock;
        this.random = random;
        this.lifetime = lifetime;
    }

    @Override
    public Outcome issue(String login, Secret password, InetAddress from) {
        return switch (signIns.signIn(login, password, from, SignIns.Protocol.WEB)) {
            case SignIn.Granted granted ->
                granted.account().id().equals(granted.actor().id())
                        ? issued(granted.account().id(), from)
                        : new Outcome.Refused();
            case SignIn.Refused() -> new Outcome.Refused();
            case SignIn.Throttled(Instant until) -> new Outcome.Throttled(until);
        };
    }

    /** Writes a new token, and removes those that are over. */
    private Outcome issued(AccountId account, InetAddress from) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        Secret token = new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        Instant now = clock.instant();
        Instant expires = now.plus(lifetime);
        connections.transaction(c -> {
            Sql.update(c, "delete from bearer_token where expires <= ?", Times.of(now));
            return Sql.update(
                    c,
                    "insert into bearer_token(hash, account_id, issued, expires, network) values (?, ?, ?, ?, ?::cidr)",
                    hash(token),
                    account.value(),
                    Times.of(now),
                    Times.of(expires),
                    Origin.of(from).network());
        });
        return new Outcome.Issued(token, account, expires);
    }

    @Override
    public Optional<AccountId> account(Secret token) {
        return connections
                .autoCommit(c ->
                        Sql.first(c, row -> row.getObject(1, UUID.class), """
                        select t.account_id from bearer_token t
                        join account a on a.id = t.account_id and a.state = 'active'
                        join credential k on k.account_id = t.account_id and k.changed <= t.issued
                        where t.hash = ? and t.expires > ?
                        """, hash(token), Times.of(clock.instant())))
                .map(AccountId::new);
    }

    @Override
    public void revoke(Secret token) {
        connections.autoCommit(c -> Sql.update(c, "delete from bearer_token where hash = ?", (Object) hash(token)));
    }

    private static byte[] hash(Secret token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.reveal().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
