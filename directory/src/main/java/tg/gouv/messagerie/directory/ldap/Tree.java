package tg.gouv.messagerie.directory.ldap;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.message.SearchScope;
import org.apache.directory.api.ldap.model.name.Dn;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/*
 * No connection is held between two batches of a search, and none waits for a client. A write's connection is bound to its thread while
 * ApacheDS's interceptors run, so that what they look up is asked in the write's transaction.
 */
/** The entries in PostgreSQL. Every method throws {@code StoreUnavailable} when PostgreSQL does not answer. */
final class Tree {
    /** The connection of the write that this thread is in. */
    static final ScopedValue<Connection> WRITING = ScopedValue.newInstance();

    /** Entries before it are the base and its containers, which nothing changes while the program runs. */
    private static final long FIRST_FREE = 100;

    private final Map<String, Row> containers = new ConcurrentHashMap<>();
    private final Connections connections;
    private final Base base;
    private final Set<String> indexed;

    Tree(Connections connections, Base base) {
        this.connections = connections;
        this.base = base;
        this.indexed = Set.copyOf(
                connections.autoCommit(c -> Sql.query(c, row -> row.getString(1), "select attr from ldap_indexed")));
    }

    Base base() {
        return base;
    }

    /** The attributes that the index knows, in lower case. */
    Set<String> indexed() {
        return indexed;
    }

    Connections connections() {
        return connections;
    }

    /** What is done on the write's connection, or on one of its own. */
    <T> T on(Connections.Work<T, RuntimeException> work) throws SQLException {
        return WRITING.isBound() ? work.on(WRITING.get()) : connections.autoCommit(work);
    }

    Optional<Row> at(String path) throws SQLException {
        Row fixed = containers.get(path);
        if (fixed != null && !WRITING.isBound()) {
            return Optional.of(fixed);
        }
        Optional<Row> found = read(path);
        found.filter(row -> row.id() < FIRST_FREE).ifPresent(row -> containers.put(path, row));
        return found;
    }

    private Optional<Row> read(String path) throws SQLException {
        return on(c -> Sql.first(
                c, row -> Row.read(row, base), "select " + Row.COLUMNS + " from ldap_entry e where e.path = ?", path));
    }

    Optional<Row> at(Dn name) throws SQLException {
        Optional<String> path = base.path(name);
        return path.isEmpty() ? Optional.empty() : at(path.get());
    }

    /** That there is no such entry, and which one above it there is (RFC 4511 section 4.1.9). */
    Refusal noSuchEntry(Dn name) {
        try {
            for (Dn above = name.getParent(); base.path(above).isPresent(); above = above.getParent()) {
                if (at(above).isPresent()) {
                    return new Refusal(ResultCodeEnum.NO_SUCH_OBJECT, "no such entry", Optional.of(above));
                }
            }
            return new Refusal(ResultCodeEnum.NO_SUCH_OBJECT, "no such entry");
        } catch (SQLException e) {
            throw new StoreUnavailable(String.valueOf(e.getMessage()), true);
        }
    }

    /** The entry, which nobody else changes until the write ends. */
    Optional<Row> locked(Dn name) throws SQLException {
        Optional<String> path = base.path(name);
        return path.isEmpty()
                ? Optional.empty()
                : on(c -> Sql.first(
                        c,
                        row -> Row.read(row, base),
                        "select " + Row.COLUMNS + " from ldap_entry e where e.path = ? for update",
                        path.get()));
    }

    /** The entry, which stays where it is until the write ends; others write below it too. */
    Optional<Row> kept(Dn name) throws SQLException {
        Optional<String> path = base.path(name);
        return path.isEmpty()
                ? Optional.empty()
                : on(c -> Sql.first(
                        c,
                        row -> Row.read(row, base),
                        "select " + Row.COLUMNS + " from ldap_entry e where e.path = ? for key share",
                        path.get()));
    }

    boolean hasChildren(long id) throws SQLException {
        return on(c -> Sql.first(c, row -> true, "select from ldap_entry where parent_id = ? limit 1", id))
                .isPresent();
    }

    /** How many entries are in a scope, counted up to a bound. */
    int count(Row from, SearchScope scope, int most) throws SQLException {
        List<Object> parameters = new ArrayList<>();
        String condition = condition(from, scope, parameters);
        parameters.add(most);
        return on(c -> Sql.first(
                        c,
                        row -> row.getInt(1),
                        "select count(*) from (select from ldap_entry e where " + condition + " limit ?) counted",
                        parameters.toArray()))
                .orElse(0);
    }

    /**
     * The next entries that a search must look at, in the order of their ids.
     *
     * @param candidates from the index; without them, the scope is walked through
     */
    List<Row> next(Row from, SearchScope scope, Optional<FilterPlan.Candidates> candidates, long after, int most)
            throws SQLException {
        List<Object> parameters = new ArrayList<>();
        String sql;
        if (candidates.isPresent()) {
            sql = "select " + Row.COLUMNS
                    + " from ldap_entry e where e.id = any(array(select distinct c.entry_id from ("
                    + candidates.get().sql() + ") c where c.entry_id > ? order by c.entry_id limit ?)) order by e.id";
            parameters.addAll(candidates.get().parameters());
        } else {
            sql = "select " + Row.COLUMNS + " from ldap_entry e where " + condition(from, scope, parameters)
                    + " and e.id > ? order by e.id limit ?";
        }
        parameters.add(after);
        parameters.add(most);
        return on(c -> Sql.query(c, row -> Row.read(row, base), sql, parameters.toArray()));
    }

    /** Whether an entry is in a scope. */
    static boolean isWithin(Row row, Row from, SearchScope scope) {
        return switch (scope) {
            case OBJECT -> row.id() == from.id();
            case ONELEVEL -> row.parent() == from.id();
            case SUBTREE -> row.path().startsWith(from.path());
        };
    }

    private static String condition(Row from, SearchScope scope, List<Object> parameters) {
        if (scope == SearchScope.ONELEVEL) {
            parameters.add(from.id());
            return "e.parent_id = ?";
        }
        if (from.path().isEmpty()) {
            return "true";
        }
        parameters.add(from.path());
        parameters.add(Base.above(from.path()));
        return "e.path >= ? and e.path < ?";
    }

    /** The primary address of the account whose entry this is, if it is a person's. */
    Optional<String> login(Dn name) throws SQLException {
        Optional<String> path = base.path(name);
        return path.isEmpty() ? Optional.empty() : on(c -> Sql.first(c, row -> row.getString(1), """
                        select a.address from ldap_entry e join address a on a.account_id = e.entry_uuid and a.role = 'primary'
                        where e.path = ? and e.source = 'person'
                        """, path.get()));
    }

    /** The primary address of the account that an entry shows. */
    Optional<String> addressOf(Row row) throws SQLException {
        return on(c -> Sql.first(
                c,
                found -> found.getString(1),
                "select address from address where account_id = ? and role = 'primary'",
                row.uuid()));
    }

    /** The name of an account's entry, without the base; empty if it has none. */
    Optional<String> nameOf(AccountId account) throws SQLException {
        UUID id = account.value();
        return on(c -> Sql.first(c, row -> row.getString(1), "select dn from ldap_entry where entry_uuid = ?", id));
    }
}
