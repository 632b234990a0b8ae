package tg.gouv.messagerie.directory.postgres;

import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.RememberedRequests;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * A request, what it does and the row with its answer are one transaction (Connections.together). While it runs it holds an advisory lock
 * of its key: another one with the key, on any node, does not wait for it but is told so; when the program is killed PostgreSQL undoes
 * all of it and lets the lock go.
 */
/** Requests in the table {@code request_key}. */
final class PostgresRememberedRequests implements RememberedRequests {
    /** One statement's worth. */
    private static final int SWEPT_AT_ONCE = 5_000;

    private final Connections connections;
    private final InstantSource clock;

    PostgresRememberedRequests(Connections connections, InstantSource clock) {
        this.connections = connections;
        this.clock = clock;
    }

    /** An answer as it was kept. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kept(byte[] request, Said said) {}

    /** How it ended, and what the act threw. */
    private record Ended(
            Optional<Outcome> outcome, @Nullable RuntimeException thrown) {}

    @Override
    public Outcome answer(AccountId sender, String key, byte[] request, Supplier<Said> act) {
        Ended ended = connections.together(c -> ended(c, sender, key, request, act));
        if (ended.thrown() != null) {
            throw ended.thrown();
        }
        return ended.outcome().orElseThrow();
    }

    private Ended ended(Connection c, AccountId sender, String key, byte[] request, Supplier<Said> act)
            throws SQLException {
        if (!lock(c, sender, key)) {
            return new Ended(Optional.of(new Outcome.Running()), null);
        }
        Optional<Kept> kept = kept(c, sender, key);
        if (kept.isPresent()) {
            return new Ended(Optional.of(repeated(kept.get(), request)), null);
        }
        if (used(c, sender) >= KEYS_MAX) {
            return new Ended(Optional.of(new Outcome.TooMany()), null);
        }
        Said said;
        try {
            said = act.get();
        } catch (StoreUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            return new Ended(Optional.empty(), e); // a wrong code is counted, for example
        }
        keep(c, sender, key, request, said);
        return new Ended(Optional.of(new Outcome.Answered(said)), null);
    }

    private static Outcome repeated(Kept kept, byte[] request) {
        if (!MessageDigest.isEqual(kept.request(), request)) {
            return new Outcome.OfAnother();
        }
        return kept.said().secret() ? new Outcome.ShownOnce() : new Outcome.Answered(kept.said());
    }

    private static boolean lock(Connection c, AccountId sender, String key) throws SQLException {
        return Sql.first(
                        c,
                        row -> row.getBoolean(1),
                        "select pg_try_advisory_xact_lock(hashtextextended(?, 0))",
                        "request:" + sender + ":" + key)
                .orElseThrow();
    }

    private Optional<Kept> kept(Connection c, AccountId sender, String key) throws SQLException {
        return Sql.first(
                c,
                row -> new Kept(
                        row.getBytes(1),
                        new Said(
                                row.getInt(2),
                                Optional.ofNullable(row.getString(3)),
                                Optional.ofNullable(row.getString(4)),
                                row.getBoolean(5))),
                "select request, status, body, tag, secret from request_key where account_id = ? and key = ? and made > ?",
                sender.value(),
                key,
                oldest());
    }

    private int used(Connection c, AccountId sender) throws SQLException {
        return Sql.first(
                        c,
                        row -> row.getInt(1),
                        "select count(*) from request_key where account_id = ? and made > ?",
                        sender.value(),
                        oldest())
                .orElseThrow();
    }

    private void keep(Connection c, AccountId sender, String key, byte[] request, Said said) throws SQLException {
        Sql.update(
                c,
                """
                insert into request_key(account_id, key, request, status, body, tag, secret, made) values (?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (account_id, key) do update -- it was kept for longer than it is repeated
                set request = excluded.request, status = excluded.status, body = excluded.body, tag = excluded.tag,
                    secret = excluded.secret, made = excluded.made
                """,
                sender.value(),
                key,
                request,
                said.status(),
                said.secret() ? null : said.body().orElse(null),
                said.secret() ? null : said.tag().orElse(null),
                said.secret(),
                Times.of(clock.instant().truncatedTo(ChronoUnit.MICROS)));
    }

    @Override
    public void sweep() {
        int some;
        do {
            some = connections.autoCommit(c -> Sql.update(c, """
                    delete from request_key where (account_id, key) in (
                        select account_id, key from request_key where made <= ? order by made limit ?)
                    """, oldest(), SWEPT_AT_ONCE));
        } while (some == SWEPT_AT_ONCE);
    }

    private OffsetDateTime oldest() {
        return Times.of(clock.instant().minus(KEPT));
    }
}
