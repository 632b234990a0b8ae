package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Look-ups in the schema {@code directory}: each is one indexed query, nothing is cached. */
final class PostgresDirectory implements Directory {
    /** How many keys one statement carries. */
    static final int STATEMENT_MAX = 5_000;

    private final Connections connections;
    private final InstantSource clock;

    PostgresDirectory(Connections connections, InstantSource clock) {
        this.connections = connections;
        this.clock = clock;
    }

    @Override
    public Set<String> domains() {
        return Set.copyOf(
                connections.autoCommit(c -> Sql.query(c, row -> row.getString(1), "select name from domain")));
    }

    @Override
    public Optional<Account> byAddress(MailAddress address) {
        return Optional.ofNullable(byAddresses(List.of(address)).get(address));
    }

    @Override
    public Map<MailAddress, Account> byAddresses(Collection<MailAddress> addresses) {
        Set<String> asked = new HashSet<>();
        addresses.forEach(address -> asked.add(address.withoutDetail().toString()));
        Map<String, Account> found = new HashMap<>();
        if (!asked.isEmpty()) {
            connections.autoCommit(c -> {
                for (String[] part : parts(asked.toArray(String[]::new))) {
                    readAddresses(c, part, found);
                }
                return found;
            });
        }
        Map<MailAddress, Account> result = new LinkedHashMap<>();
        for (MailAddress address : addresses) {
            Account account = found.get(address.withoutDetail().toString());
            if (account != null) {
                result.put(address, account);
            }
        }
        return result;
    }

    @Override
    public Optional<Account> byId(AccountId id) {
        return Optional.ofNullable(byIds(List.of(id)).get(id));
    }

    @Override
    public Map<AccountId, Account> byIds(Collection<AccountId> ids) {
        Map<AccountId, Account> found = new HashMap<>();
        UUID[] asked = ids.stream().map(AccountId::value).distinct().toArray(UUID[]::new);
        if (asked.length > 0) {
            connections.autoCommit(c -> {
                for (UUID[] part : parts(asked)) {
                    for (Account account : Sql.query(
                            c,
                            row -> Accounts.at(row, 1),
                            "select " + Accounts.columns("a") + " from account a where a.id = any(?)",
                            (Object) part)) {
                        found.put(account.id(), account);
                    }
                }
                return found;
            });
        }
        return found;
    }

    @Override
    public Map<Account, FunctionAccess> functionMailboxes(AccountId holder) {
        Map<Account, FunctionAccess> result = new LinkedHashMap<>();
        OffsetDateTime now = Times.of(clock.instant());
        connections.autoCommit(c -> Sql.query(
                c,
                row -> result.put(
                        Accounts.at(row, 2),
                        FunctionAccess.valueOf(row.getString(1).toUpperCase(Locale.ROOT))),
                """
                select use.access, %s
                from account h cross join lateral (%s) use join account f on f.id = use.function_id
                where h.id = ? and h.state = 'active'
                order by f.display_name, f.id
                """.formatted(Accounts.columns("f"), FunctionUse.by("h.id")),
                now,
                now,
                holder.value()));
        return result;
    }

    @Override
    public boolean isRoom(MailAddress address) {
        return connections
                .autoCommit(c -> Sql.first(
                        c,
                        row -> true,
                        "select from address d join account a on a.id = d.account_id and a.kind = 'room' and a.state <> 'closed'"
                                + " where d.address = ?",
                        address.withoutDetail().toString()))
                .isPresent();
    }

    /** How many accounts there are, of every kind and state. */
    long accounts() {
        return connections
                .autoCommit(c -> Sql.first(c, row -> row.getLong(1), "select count(*) from account"))
                .orElseThrow();
    }

    private static void readAddresses(Connection connection, String[] asked, Map<String, Account> found)
            throws SQLException {
        Sql.query(
                connection,
                row -> found.put(row.getString(1), Accounts.at(row, 2)),
                "select asked.address, " + Accounts.columns("a")
                        + " from address asked join account a on a.id = asked.account_id"
                        + " where asked.address = any(?) and a.state in ('active', 'suspended')"
                        + " and a.kind in ('person', 'function')", // a list delivers to others, a room to nobody
                (Object) asked);
    }

    /** The keys, in as many statements as they need. */
    static <T> List<T[]> parts(T[] whole) {
        return IntStream.range(0, (whole.length + STATEMENT_MAX - 1) / STATEMENT_MAX)
                .mapToObj(i ->
                        Arrays.copyOfRange(whole, i * STATEMENT_MAX, Math.min(whole.length, (i + 1) * STATEMENT_MAX)))
                .toList();
    }
}
