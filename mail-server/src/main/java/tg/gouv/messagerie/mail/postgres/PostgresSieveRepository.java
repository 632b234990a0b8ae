package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.core.Username;
import org.apache.james.core.quota.QuotaSizeLimit;
import org.apache.james.sieverepository.api.ScriptContent;
import org.apache.james.sieverepository.api.ScriptName;
import org.apache.james.sieverepository.api.ScriptSummary;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.sieverepository.api.exception.DuplicateException;
import org.apache.james.sieverepository.api.exception.IsActiveException;
import org.apache.james.sieverepository.api.exception.QuotaExceededException;
import org.apache.james.sieverepository.api.exception.QuotaNotFoundException;
import org.apache.james.sieverepository.api.exception.ScriptNotFoundException;
import org.apache.james.sieverepository.api.exception.SieveRepositoryException;
import org.apache.james.sieverepository.api.exception.StorageException;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.filters.ScriptBounds;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * Whoever changes an account's scripts first locks its row of sieve_owner, so that what was counted still holds when the script
 * is written, and one script at most is active.
 */
/**
 * The accounts' filters, owned by account ids; what is acknowledged is durable.
 *
 * <p>A quota is what James calls so: bytes over all scripts of an account, set by an administrator. Beside it stand two bounds of
 * the settings, for one script's size and for their number.
 */
final class PostgresSieveRepository implements SieveRepository {
    private final Connections connections;
    private final AccountNames accounts;
    private final Clock clock;
    private final ScriptBounds bounds;
    private final ToldRedirects told;

    PostgresSieveRepository(
            Connections connections, AccountNames accounts, AuditTrail trail, Clock clock, ScriptBounds bounds) {
        this.told = new ToldRedirects(trail, clock);
        this.connections = connections;
        this.accounts = accounts;
        this.clock = clock;
        this.bounds = bounds;
    }

    /** Whether a script of that name and size could be put now (RFC 5804 section 2.5). */
    @Override
    public void haveSpace(Username username, ScriptName name, long size)
            throws QuotaExceededException, StorageException {
        Optional<UUID> owner = found(username);
        try {
            demandSpace(
                    owner.isEmpty()
                            ? new Use(0, 0, Long.MAX_VALUE)
                            : read(c -> use(c, owner.get(), name.getValue()).orElseThrow()),
                    size);
        } catch (StoreUnavailable e) {
            throw failed(e);
        }
    }

    /** Stores a script, durably, in place of the one of that name; an active one stays active. */
    @Override
    public void putScript(Username username, ScriptName name, ScriptContent content)
            throws StorageException, QuotaExceededException {
        byte[] bytes = content.getValue().getBytes(StandardCharsets.UTF_8);
        UUID owner = demanded(username);
        SieveRepositoryException refused = change(owner, c -> {
            try {
                demandSpace(use(c, owner, name.getValue()).orElseThrow(), bytes.length);
            } catch (QuotaExceededException e) {
                return e;
            }
            Sql.update(
                    c,
                    "insert into sieve_script(owner_id, name, content) values (?, ?, ?)"
                            + " on conflict (owner_id, name) do update set content = excluded.content",
                    owner,
                    name.getValue(),
                    bytes);
            return null;
        });
        if (refused instanceof QuotaExceededException full) {
            throw full;
        }
    }

    @Override
    public List<ScriptSummary> listScripts(Username username) throws StorageException {
        Optional<UUID> owner = found(username);
        return owner.isEmpty()
                ? List.of()
                : read(c -> Sql.query(
                        c,
                        row -> new ScriptSummary(new ScriptName(row.getString(1)), row.getBoolean(2)),
                        "select name, activated is not null from sieve_script where owner_id = ? order by name",
                        owner.get()));
    }

    @Override
    public ZonedDateTime getActivationDateForActiveScript(Username username)
            throws StorageException, ScriptNotFoundException {
        return active(username).since();
    }

    @Override
    public InputStream getActive(Username username) throws ScriptNotFoundException, StorageException {
        return new ByteArrayInputStream(active(username).content());
    }

    private ActiveScript active(Username username) throws ScriptNotFoundException, StorageException {
        Optional<UUID> owner = found(username);
        Optional<ActiveScript> active = owner.isEmpty()
                ? Optional.empty()
                : read(c -> Sql.first(
                        c,
                        ActiveScript::read,
                        "select content, activated from sieve_script where owner_id = ? and activated is not null",
                        owner.get()));
        return active.orElseThrow(() -> new ScriptNotFoundException("No active script of " + username.asString()));
    }

    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    private record ActiveScript(byte[] content, ZonedDateTime since) {
        static ActiveScript read(ResultSet row) throws SQLException {
            return new ActiveScript(
                    row.getBytes(1), row.getObject(2, OffsetDateTime.class).atZoneSameInstant(ZoneOffset.UTC));
        }
    }

    @Override
    public InputStream getScript(Username username, ScriptName name) throws ScriptNotFoundException, StorageException {
        Optional<UUID> owner = found(username);
        Optional<byte[]> content = owner.isEmpty()
                ? Optional.empty()
                : read(c -> Sql.first(
                        c,
                        row -> row.getBytes(1),
                        "select content from sieve_script where owner_id = ? and name = ?",
                        owner.get(),
                        name.getValue()));
        return new ByteArrayInputStream(content.orElseThrow(() -> notFound(name)));
    }

    /** Makes a script the one that runs, or none (RFC 5804 section 2.8). */
    @Override
    public void setActive(Username username, ScriptName name) throws ScriptNotFoundException, StorageException {
        UUID owner = demanded(username);
        SieveRepositoryException refused = change(owner, c -> {
            if (!name.equals(NO_SCRIPT_NAME) && !exists(c, owner, name)) {
                return notFound(name);
            }
            Sql.update(
                    c, "update sieve_script set activated = null where owner_id = ? and activated is not null", owner);
            Sql.update(
                    c,
                    "update sieve_script set activated = ? where owner_id = ? and name = ?",
                    clock.instant().atOffset(ZoneOffset.UTC),
                    owner,
                    name.getValue());
            return null;
        });
        if (refused instanceof ScriptNotFoundException unknown) {
            throw unknown;
        }
    }

    /** Removes a script; the active one is refused (RFC 5804 section 2.10). */
    @Override
    public void deleteScript(Username username, ScriptName name)
            throws ScriptNotFoundException, IsActiveException, StorageException {
        UUID owner = demanded(username);
        SieveRepositoryException refused = change(owner, c -> {
            int deleted = Sql.update(
                    c,
                    "delete from sieve_script where owner_id = ? and name = ? and activated is null",
                    owner,
                    name.getValue());
            if (deleted > 0) {
                return null;
            }
            return exists(c, owner, name) ? new IsActiveException("The script is active") : notFound(name);
        });
        switch (refused) {
            case null -> {}
            case IsActiveException active -> throw active;
            case ScriptNotFoundException unknown -> throw unknown;
            default -> throw new IllegalStateException(refused);
        }
    }

    /** Gives a script another name; an active one stays active (RFC 5804 section 2.11.1). */
    @Override
    public void renameScript(Username username, ScriptName oldName, ScriptName newName)
            throws ScriptNotFoundException, DuplicateException, StorageException {
        UUID owner = demanded(username);
        SieveRepositoryException refused = change(owner, c -> {
            if (!exists(c, owner, oldName)) {
                return notFound(oldName);
            }
            if (exists(c, owner, newName)) {
                return new DuplicateException("There is a script of the new name");
            }
            Sql.update(
                    c,
                    "update sieve_script set name = ? where owner_id = ? and name = ?",
                    newName.getValue(),
                    owner,
                    oldName.getValue());
            return null;
        });
        switch (refused) {
            case null -> {}
            case DuplicateException there -> throw there;
            case ScriptNotFoundException unknown -> throw unknown;
            default -> throw new IllegalStateException(refused);
        }
    }

    private static boolean exists(Connection c, UUID owner, ScriptName name) throws SQLException {
        return Sql.first(
                        c, row -> 1, "select from sieve_script where owner_id = ? and name = ?", owner, name.getValue())
                .isPresent();
    }

    private static ScriptNotFoundException notFound(ScriptName name) {
        return new ScriptNotFoundException("No script is named " + name.getValue());
    }

    /** What an account has beside the script of one name, and how many bytes it may have. */
    private record Use(long bytes, int scripts, long quota) {
        static Use read(ResultSet row) throws SQLException {
            return new Use(row.getLong(1), row.getInt(2), row.getLong(3));
        }
    }

    private static Optional<Use> use(Connection c, UUID owner, String beside) throws SQLException {
        return Sql.first(c, Use::read, """
                select coalesce(sum(octet_length(content)), 0), count(*), coalesce(
                    (select quota_bytes from sieve_owner where owner_id = ?),
                    (select quota_bytes from sieve_owner where owner_id is null),
                    9223372036854775807)
                from sieve_script where owner_id = ? and name <> ?""", owner, owner, beside);
    }

    private void demandSpace(Use use, long size) throws QuotaExceededException {
        bounds.demand(use.scripts(), size);
        if (size > use.quota() - use.bytes()) {
            throw new QuotaExceededException("The scripts of the account have at most " + use.quota() + " octets");
        }
    }

    @Override
    public boolean hasDefaultQuota() throws StorageException {
        return quota(null).isPresent();
    }

    @Override
    public QuotaSizeLimit getDefaultQuota() throws QuotaNotFoundException, StorageException {
        return QuotaSizeLimit.size(quota(null).orElseThrow(() -> new QuotaNotFoundException("No default quota")));
    }

    @Override
    public void setDefaultQuota(QuotaSizeLimit quota) throws StorageException {
        setQuota((UUID) null, quota.asLong());
    }

    @Override
    public void removeQuota() throws StorageException {
        setQuota((UUID) null, null);
    }

    @Override
    public boolean hasQuota(Username username) throws StorageException {
        Optional<UUID> owner = found(username);
        return owner.isPresent() && quota(owner.get()).isPresent();
    }

    @Override
    public QuotaSizeLimit getQuota(Username username) throws QuotaNotFoundException, StorageException {
        Optional<UUID> owner = found(username);
        Optional<Long> quota = owner.isEmpty() ? Optional.empty() : quota(owner.get());
        return QuotaSizeLimit.size(
                quota.orElseThrow(() -> new QuotaNotFoundException("No quota of " + username.asString())));
    }

    @Override
    public void setQuota(Username username, QuotaSizeLimit quota) throws StorageException {
        setQuota(demanded(username), quota.asLong());
    }

    @Override
    public void removeQuota(Username username) throws StorageException {
        setQuota(demanded(username), null);
    }

    private Optional<Long> quota(@Nullable UUID owner) throws StorageException {
        return read(c -> Sql.first(
                c,
                row -> row.getLong(1),
                "select quota_bytes from sieve_owner where owner_id is not distinct from ?::uuid"
                        + " and quota_bytes is not null",
                owner));
    }

    private void setQuota(@Nullable UUID owner, @Nullable Long bytes) throws StorageException {
        read(c -> Sql.update(
                c,
                "insert into sieve_owner(owner_id, quota_bytes) values (?::uuid, ?::bigint)"
                        + " on conflict (owner_id) do update set quota_bytes = excluded.quota_bytes",
                owner,
                bytes));
    }

    @FunctionalInterface
    private interface Change {
        @Nullable
        SieveRepositoryException on(Connection c) throws SQLException;
    }

    /** Changes an account's scripts while nobody else does, unless the change is refused. */
    private @Nullable SieveRepositoryException change(UUID owner, Change change) throws StorageException {
        try {
            return connections
                    .<Optional<SieveRepositoryException>, RuntimeException>transaction(c -> {
                        Sql.update(c, "insert into sieve_owner(owner_id) values (?) on conflict do nothing", owner);
                        Sql.query(c, row -> 1, "select from sieve_owner where owner_id = ? for update", owner);
                        return told.told(c, owner, () -> Optional.ofNullable(change.on(c)));
                    })
                    .orElse(null);
        } catch (StoreUnavailable e) {
            throw failed(e);
        }
    }

    private <T> T read(Connections.Work<T, RuntimeException> work) throws StorageException {
        try {
            return connections.autoCommit(work);
        } catch (StoreUnavailable e) {
            throw failed(e);
        }
    }

    private Optional<UUID> found(Username username) throws StorageException {
        try {
            return accounts.account(username).map(AccountId::value);
        } catch (StoreUnavailable e) {
            throw failed(e);
        }
    }

    private UUID demanded(Username username) throws StorageException {
        return found(username)
                .orElseThrow(() -> new StorageException(
                        new IllegalArgumentException("no account has the address " + username.asString())));
    }

    private static StorageException failed(StoreUnavailable e) {
        return new StorageException("The filters cannot be reached", e);
    }
}
