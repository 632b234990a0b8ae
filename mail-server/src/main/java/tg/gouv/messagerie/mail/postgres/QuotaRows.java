package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.james.core.Domain;
import org.apache.james.core.Username;
import org.apache.james.core.quota.QuotaCountLimit;
import org.apache.james.core.quota.QuotaSizeLimit;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Quota;
import org.apache.james.mailbox.model.QuotaRoot;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * What an account holds is the sum of its mailboxes' counters, not a counter of its own. The counters change in the statement that
 * changes the messages, so a sum, read in one snapshot, is exact: no update that a crash could lose, nothing to recount. A row for
 * the account would be written by every delivery, one more version and more WAL for each, and would make the deliveries to all
 * its mailboxes wait for one another; the sum is read through the index of mailbox (owner_id, ...), a row for each mailbox, some ten
 * for most people.
 *
 * A limit is looked at before the message is added, in a statement of its own: messages that arrive at the same instant may
 * pass together. The excess is at most what is delivered at once (deliveries-max, and one APPEND for each session of the account).
 */
/** What accounts hold and may hold. */
final class QuotaRows {
    static final String MESSAGES = "messages";
    static final String BYTES = "bytes";

    private static final String USE =
            "select coalesce(sum(k.messages), 0)::bigint as messages, coalesce(sum(k.bytes), 0)::bigint as bytes"
                    + " from mailbox m join mailbox_counter k on k.mailbox_id = m.id where m.owner_id = ?::uuid";

    private static final String LIMITS = "select l.scope, l.kind, l.most from quota_limit l"
            + " where (l.scope = 'User' and l.subject = ?) or (l.scope = 'Domain' and l.subject = ?) or l.scope = 'Global'";

    /** At least one row. */
    private static final String ALL = "select u.messages, u.bytes, l.scope, l.kind, l.most from (" + USE
            + ") u left join (" + LIMITS + ") l on true";

    private final MailConnections connections;
    private final AccountNames accounts;
    private final QuotaSettings settings;

    QuotaRows(MailConnections connections, AccountNames accounts, QuotaSettings settings) {
        this.connections = connections;
        this.accounts = accounts;
        this.settings = settings;
    }

    /** What an account holds. */
    record Use(long messages, long bytes) {
        static final Use NONE = new Use(0, 0);

        static Use read(ResultSet row) throws SQLException {
            return new Use(row.getLong("messages"), row.getLong("bytes"));
        }
    }

    /** What it may hold by each scope that says something; the narrowest counts. */
    record Limits(Map<Quota.Scope, QuotaCountLimit> messages, Map<Quota.Scope, QuotaSizeLimit> bytes) {
        QuotaCountLimit ofMessages() {
            return narrowest(messages).orElseGet(QuotaCountLimit::unlimited);
        }

        QuotaSizeLimit ofBytes() {
            return narrowest(bytes).orElseGet(QuotaSizeLimit::unlimited);
        }

        private static <T> Optional<T> narrowest(Map<Quota.Scope, T> limits) {
            return Quota.allScopes()
                    .flatMap(scope -> Stream.ofNullable(limits.get(scope)))
                    .findFirst();
        }
    }

    /** Both, at one moment. */
    record Both(Use use, Limits limits) {}

    Both both(QuotaRoot root) throws MailboxException {
        return connections.run(c -> both(c, owner(root), domain(root)));
    }

    /**
     * The same for an account.
     *
     * @param domain of its primary address
     */
    Both both(Connection c, Optional<UUID> owner, String domain) throws SQLException {
        Limits limits = byDefault();
        List<Use> uses = Sql.query(
                c,
                row -> {
                    add(limits, row);
                    return Use.read(row);
                },
                ALL,
                owner.orElse(null),
                owner.map(UUID::toString).orElse(""),
                domain);
        return new Both(uses.isEmpty() ? Use.NONE : uses.getFirst(), limits);
    }

    Use use(QuotaRoot root) throws MailboxException {
        Optional<UUID> owner = owner(root);
        return connections
                .run(c -> Sql.first(c, Use::read, USE, owner.orElse(null)))
                .orElse(Use.NONE);
    }

    Limits limits(QuotaRoot root) throws MailboxException {
        return limits(owner(root).map(UUID::toString).orElse(""), domain(root));
    }

    /** What is said of a domain, and of everybody. */
    Limits limits(Optional<Domain> domain) throws MailboxException {
        return limits("", domain.map(Domain::asString).orElse(""));
    }

    private Limits limits(String owner, String domain) throws MailboxException {
        Limits limits = byDefault();
        connections.run(c -> Sql.query(c, row -> add(limits, row), LIMITS, owner, domain));
        return limits;
    }

    private Limits byDefault() {
        Limits limits = new Limits(new EnumMap<>(Quota.Scope.class), new EnumMap<>(Quota.Scope.class));
        if (settings.accountMessagesMax() > 0) {
            limits.messages().put(Quota.Scope.Global, QuotaCountLimit.count(settings.accountMessagesMax()));
        }
        if (settings.accountSizeMax().bytes() > 0) {
            limits.bytes()
                    .put(
                            Quota.Scope.Global,
                            QuotaSizeLimit.size(settings.accountSizeMax().bytes()));
        }
        return limits;
    }

    private static boolean add(Limits limits, ResultSet row) throws SQLException {
        String scope = row.getString("scope");
        if (scope == null) {
            return false;
        }
        long most = row.getLong("most");
        Optional<Long> limit = row.wasNull() ? Optional.empty() : Optional.of(most);
        switch (row.getString("kind")) {
            case MESSAGES -> limits.messages().put(Quota.Scope.valueOf(scope), QuotaCountLimit.count(limit));
            case BYTES -> limits.bytes().put(Quota.Scope.valueOf(scope), QuotaSizeLimit.size(limit));
            default -> throw new IllegalStateException("a quota of an unknown kind");
        }
        return true;
    }

    /** Says a limit, or takes it back. */
    void set(Connection c, Quota.Scope scope, String subject, String kind, Optional<Long> most) throws SQLException {
        Sql.update(
                c,
                "insert into quota_limit(scope, subject, kind, most) values (?, ?, ?, ?::bigint)"
                        + " on conflict (scope, subject, kind) do update set most = excluded.most",
                scope.name(),
                subject,
                kind,
                most.orElse(null));
    }

    void remove(Connection c, Quota.Scope scope, String subject, String kind) throws SQLException {
        Sql.update(
                c, "delete from quota_limit where scope = ? and subject = ? and kind = ?", scope.name(), subject, kind);
    }

    /** The account of a quota root: James writes {@code #private&} and its user name. */
    Optional<UUID> owner(QuotaRoot root) {
        String value = root.getValue();
        return accounts.account(Username.of(value.substring(value.indexOf('&') + 1)))
                .map(AccountId::value);
    }

    private static String domain(QuotaRoot root) {
        return root.getDomain().map(Domain::asString).orElse("");
    }
}
