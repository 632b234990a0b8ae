package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.james.core.Username;
import org.apache.james.mailbox.acl.ACLDiff;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxExistsException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.exception.UnsupportedRightException;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.UidValidity;
import org.apache.james.mailbox.model.search.MailboxQuery;
import org.apache.james.mailbox.store.mail.MailboxMapper;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/** Mailboxes and who may do what in them. */
final class PostgresMailboxMapper implements MailboxMapper {
    private static final String UNIQUE_VIOLATION = "23505";

    /** The longest name: octets, hierarchy included. */
    private static final int NAME_OCTETS_MAX = 255;

    private static final String SELECT = "select id, namespace, owner_id, name, uid_validity, acl from mailbox ";

    private final MailConnections connections;
    private final OwnerNames owners;
    private final AclRows acls;

    PostgresMailboxMapper(MailConnections connections, OwnerNames owners) {
        this.connections = connections;
        this.owners = owners;
        this.acls = new AclRows(owners);
    }

    @Override
    public Mono<Mailbox> create(MailboxPath path, UidValidity validity) {
        return connections.later(() -> {
            demandName(path.getName());
            UUID owner = owner(path);
            long id = connections.run(c -> insert(c, path, owner, validity));
            return new Mailbox(path, validity, new PostgresMailboxId(id));
        });
    }

    private static long insert(Connection c, MailboxPath path, UUID owner, UidValidity validity)
            throws SQLException, MailboxException {
        return Sql.first(c, row -> row.getLong(1), """
                        with made as (
                            insert into mailbox(namespace, owner_id, name, uid_validity) values (?, ?, ?, ?)
                            on conflict do nothing returning id),
                        counted as (insert into mailbox_counter(mailbox_id) select id from made)
                        select id from made
                        """, path.getNamespace(), owner, path.getName(), validity.asLong())
                .orElseThrow(() -> new MailboxExistsException(path.getName()));
    }

    /** Renaming a mailbox to its present name is refused: James's contract says so. */
    @Override
    public Mono<MailboxId> rename(Mailbox mailbox) {
        return connections.later(() -> {
            demandName(mailbox.getName());
            UUID owner = owner(mailbox.generateAssociatedPath());
            return connections.run(c -> rename(c, mailbox, owner));
        });
    }

    private static MailboxId rename(Connection c, Mailbox mailbox, UUID owner) throws SQLException, MailboxException {
        long id = number(mailbox.getMailboxId());
        try {
            int renamed = Sql.update(
                    c,
                    """
                    update mailbox set namespace = ?, owner_id = ?, name = ?
                    where id = ? and (namespace, owner_id, name) <> (?, ?, ?)
                    """,
                    mailbox.getNamespace(),
                    owner,
                    mailbox.getName(),
                    id,
                    mailbox.getNamespace(),
                    owner,
                    mailbox.getName());
            if (renamed == 1) {
                return mailbox.getMailboxId();
            }
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw new MailboxExistsException(mailbox.getName());
            }
            throw e;
        }
        boolean exists =
                Sql.first(c, row -> 1, "select from mailbox where id = ?", id).isPresent();
        throw exists
                ? new MailboxExistsException(mailbox.getName())
                : new MailboxNotFoundException(mailbox.getMailboxId());
    }

    /** Removes the mailbox with what is in it; its messages are released. */
    @Override
    public Mono<Void> delete(Mailbox mailbox) {
        long id = number(mailbox.getMailboxId());
        return connections
                .later(() -> connections.transaction(c -> {
                    Counters.lock(c, id);
                    Sql.update(c, """
                            with gone as (delete from mailbox_message where mailbox_id = ? returning message_id)
                            insert into released(message_id, since) select distinct message_id, now() from gone
                            on conflict (message_id) do update set since = excluded.since
                            """, id);
                    return Sql.update(c, "delete from mailbox where id = ?", id);
                }))
                .then();
    }

    @Override
    public Mono<Mailbox> findMailboxByPath(MailboxPath path) {
        return owned(
                        path.getUser(),
                        owner -> find(
                                "where owner_id = ? and namespace = ? and name = ?",
                                owner,
                                path.getNamespace(),
                                path.getName()))
                .next();
    }

    @Override
    public Mono<Mailbox> findMailboxById(MailboxId id) {
        return find("where id = ?", number(id))
                .next()
                .switchIfEmpty(Mono.error(() -> new MailboxNotFoundException(id)));
    }

    @Override
    public Flux<Mailbox> findNonPersonalMailboxes(Username user, MailboxACL.Right right) {
        MailboxACL.EntryKey key = MailboxACL.EntryKey.createUserEntryKey(user);
        return owned(user, owner -> find("where acl <> '{}' and acl ?? ?", AclRows.key(owner)))
                .filter(mailbox -> mailbox.getACL()
                        .getEntries()
                        .getOrDefault(key, MailboxACL.NO_RIGHTS)
                        .contains(right));
    }

    @Override
    public Flux<Mailbox> findMailboxWithPathLike(MailboxQuery.UserBound query) {
        return owned(
                        query.getFixedUser(),
                        owner -> find("where owner_id = ? and namespace = ?", owner, query.getFixedNamespace()))
                .filter(query::matches);
    }

    @Override
    public Mono<Boolean> hasChildren(Mailbox mailbox, char delimiter) {
        return owned(
                        mailbox.getUser(),
                        owner -> find(
                                "where owner_id = ? and namespace = ? and starts_with(name, ?) limit 1",
                                owner,
                                mailbox.getNamespace(),
                                mailbox.getName() + delimiter))
                .hasElements();
    }

    @Override
    public Flux<Mailbox> list() {
        return find("");
    }

    @Override
    public Mono<ACLDiff> updateACL(Mailbox mailbox, MailboxACL.ACLCommand command) {
        return change(mailbox, acl -> acl.apply(command));
    }

    @Override
    public Mono<ACLDiff> setACL(Mailbox mailbox, MailboxACL acl) {
        return change(mailbox, _ -> acl);
    }

    /** How a list becomes another. */
    private interface AclChange {
        MailboxACL apply(MailboxACL before) throws UnsupportedRightException;
    }

    private Mono<ACLDiff> change(Mailbox mailbox, AclChange change) {
        long id = number(mailbox.getMailboxId());
        return connections.later(() -> {
            // Names are looked up before a connection is held; a list that changed meanwhile is looked up again.
            while (true) {
                String seen = connections
                        .run(c -> Sql.first(c, row -> row.getString(1), "select acl from mailbox where id = ?", id))
                        .orElseThrow(() -> new MailboxNotFoundException(mailbox.getMailboxId()));
                MailboxACL before = AclRows.acl(seen, owners.names(AclRows.accounts(seen)));
                MailboxACL after = change.apply(before);
                String json = acls.json(after);
                int written = connections.run(c -> Sql.update(
                        c, "update mailbox set acl = ?::jsonb where id = ? and acl = ?::jsonb", json, id, seen));
                if (written == 1) {
                    mailbox.setACL(after);
                    return ACLDiff.computeDiff(before, after);
                }
            }
        });
    }

    /** What is found in rows, before its owners and grantees have names. */
    private record Row(long id, String namespace, UUID owner, String name, long uidValidity, String acl) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong(1),
                    row.getString(2),
                    row.getObject(3, UUID.class),
                    row.getString(4),
                    row.getLong(5),
                    row.getString(6));
        }
    }

    private Flux<Mailbox> find(String where, @Nullable Object... parameters) {
        return connections
                .later(() -> named(connections.run(c -> Sql.query(c, Row::read, SELECT + where, parameters))))
                .flatMapIterable(found -> found);
    }

    private List<Mailbox> named(List<Row> rows) throws UnsupportedRightException {
        Set<UUID> accounts = new HashSet<>();
        for (Row row : rows) {
            accounts.add(row.owner());
            accounts.addAll(AclRows.accounts(row.acl()));
        }
        Map<UUID, Username> users = owners.names(accounts);
        List<Mailbox> mailboxes = new ArrayList<>();
        for (Row row : rows) {
            Username owner = users.get(row.owner());
            if (owner != null) { // else the account is gone, and nobody reads its mailboxes
                Mailbox mailbox = new Mailbox(
                        new MailboxPath(row.namespace(), owner, row.name()),
                        UidValidity.of(row.uidValidity()),
                        new PostgresMailboxId(row.id()));
                mailbox.setACL(AclRows.acl(row.acl(), users));
                mailboxes.add(mailbox);
            }
        }
        return mailboxes;
    }

    /** What is found for a user, or nothing if James names nobody. */
    private Flux<Mailbox> owned(@Nullable Username user, java.util.function.Function<UUID, Flux<Mailbox>> found) {
        return connections
                .later(() -> owners.id(user))
                .flatMapMany(id -> id.map(found).orElseGet(Flux::empty));
    }

    private UUID owner(MailboxPath path) throws MailboxException {
        return owners.id(path.getUser())
                .orElseThrow(() -> new MailboxException("no account is called " + path.getUser()));
    }

    /** RFC 9051 section 5.1: a name is text; control characters in it would break the protocol's lines. */
    private static void demandName(String name) throws MailboxException {
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new MailboxException("a mailbox name holds no control characters");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > NAME_OCTETS_MAX) {
            throw new MailboxException("a mailbox name is at most " + NAME_OCTETS_MAX + " octets long");
        }
    }
}
