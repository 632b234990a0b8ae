package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.james.core.Username;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.acl.ACLDiff;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxExistsException;
import org.apache.james.mailbox.exception.MailboxNameException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.exception.TooLongMailboxNameException;
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
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.rights.MailboxVisit;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * Mailboxes and their access control lists, owned by account ids.
 *
 * <p>A user name that is no account's address has no mailboxes and cannot be given one.
 */
final class PostgresMailboxMapper implements MailboxMapper {
    private static final int NAME_OCTETS_MAX = 255;

    /** Enough for one person's mailboxes in one round trip. */
    private static final int PAGE = 1_000;

    private final MailConnections connections;
    private final AccountNames accounts;
    private final Expunging expunging;
    private final AuditTrail trail;
    private final Clock clock;
    private final @Nullable MailboxSession session;

    PostgresMailboxMapper(
            MailConnections connections, AccountNames accounts, Expunging expunging, AuditTrail trail, Clock clock) {
        this(connections, accounts, expunging, trail, clock, null);
    }

    private PostgresMailboxMapper(
            MailConnections connections,
            AccountNames accounts,
            Expunging expunging,
            AuditTrail trail,
            Clock clock,
            @Nullable MailboxSession session) {
        this.connections = connections;
        this.accounts = accounts;
        this.expunging = expunging;
        this.trail = trail;
        this.clock = clock;
        this.session = session;
    }

    /** The same, whose changes of rights are those of whoever works through a session. */
    PostgresMailboxMapper through(MailboxSession asking) {
        return new PostgresMailboxMapper(connections.through(asking), accounts, expunging, trail, clock, asking);
    }

    @Override
    public Mono<Mailbox> create(MailboxPath path, UidValidity validity) {
        return connections.later(() -> {
            demandName(path.getName());
            UUID owner = owner(path.getUser());
            Optional<Long> id = connections.change(c -> insert(c, owner, path, validity));
            return new Mailbox(
                    path,
                    validity,
                    new PostgresMailboxId(id.orElseThrow(() -> new MailboxExistsException(path.getName()))));
        });
    }

    /** Makes a mailbox in the transaction of the caller, and tells its id; empty if there is one of this name. */
    static Optional<Long> insert(Connection c, UUID owner, MailboxPath path, UidValidity validity) throws SQLException {
        return Sql.first(
                c,
                row -> row.getLong(1),
                """
                with a as (%s),
                made as (
                    insert into mailbox(owner_id, namespace, name, uid_validity, created_modseq)
                    select ?, ?, ?, ?, a.modseq from a
                    on conflict do nothing returning id),
                counted as (insert into mailbox_counter(mailbox_id) select id from made)
                select id from made""".formatted(AccountCounter.MAILBOX_MADE),
                owner,
                owner,
                path.getNamespace(),
                path.getName(),
                validity.asLong());
    }

    /**
     * Gives the mailbox its new path; its present one is refused, as James's contract says. A mailbox stays its account's, since
     * its MODSEQs are.
     */
    @Override
    public Mono<MailboxId> rename(Mailbox mailbox) {
        long id = number(mailbox.getMailboxId());
        return connections.later(() -> {
            demandName(mailbox.getName());
            UUID owner = owner(mailbox.getUser());
            connections.transaction(c -> {
                // A unique index alone would end the transaction; this is the answer for everyone but two renames at
                // once.
                List<Long> there = Sql.query(
                        c,
                        row -> row.getLong(1),
                        "select id from mailbox where owner_id = ? and namespace = ? and name = ?",
                        owner,
                        mailbox.getNamespace(),
                        mailbox.getName());
                if (!there.isEmpty()) {
                    throw new MailboxExistsException(mailbox.getName());
                }
                int renamed = Sql.update(
                        c,
                        "with a as (" + AccountCounter.MAILBOX_CHANGED + ")"
                                + " update mailbox b set namespace = ?, name = ?, changed_modseq = a.modseq from a"
                                + " where b.id = ? and b.owner_id = ?",
                        id,
                        mailbox.getNamespace(),
                        mailbox.getName(),
                        id,
                        owner);
                if (renamed == 0) {
                    throw new MailboxNotFoundException(mailbox.getMailboxId());
                }
                return renamed;
            });
            return mailbox.getMailboxId();
        });
    }

    @Override
    public Mono<Void> delete(Mailbox mailbox) {
        long id = number(mailbox.getMailboxId());
        return connections
                .later(() -> connections.transaction(c -> expunging.removeMailbox(c, id)))
                .then();
    }

    @Override
    public Mono<Mailbox> findMailboxByPath(MailboxPath path) {
        return connections.later(() -> {
            Optional<AccountId> owner = accounts.account(path.getUser());
            if (owner.isEmpty() || path.getName().indexOf(0) >= 0) {
                return null;
            }
            return mailboxes(
                            find(
                                    "where owner_id = ? and namespace = ? and name = ?",
                                    owner.get().value(),
                                    path.getNamespace(),
                                    path.getName()),
                            path.getUser())
                    .stream()
                    .findFirst()
                    .orElse(null);
        });
    }

    @Override
    public Mono<Mailbox> findMailboxById(MailboxId id) {
        return connections.later(() -> mailboxes(find("where id = ?", number(id)), null).stream()
                .findFirst()
                .orElseThrow(() -> new MailboxNotFoundException(id)));
    }

    @Override
    public Flux<Mailbox> findNonPersonalMailboxes(Username user, MailboxACL.Right right) {
        return connections.laterEach(() -> {
            Optional<AccountId> account = accounts.account(user);
            if (account.isEmpty()) {
                return List.of();
            }
            MailboxACL.EntryKey key = MailboxACL.EntryKey.createUserEntryKey(user);
            return mailboxes(
                            find("where acl <> '{}' and acl ?? ?", account.get().toString()), null)
                    .stream()
                    .filter(mailbox -> mailbox.getACL()
                            .getEntries()
                            .getOrDefault(key, MailboxACL.NO_RIGHTS)
                            .contains(right))
                    .toList();
        });
    }

    @Override
    public Flux<Mailbox> findMailboxWithPathLike(MailboxQuery.UserBound query) {
        return connections.laterEach(() -> {
            Optional<AccountId> owner = accounts.account(query.getFixedUser());
            if (owner.isEmpty()) {
                return List.of();
            }
            List<Row> rows =
                    find("where owner_id = ? and namespace = ?", owner.get().value(), query.getFixedNamespace());
            return mailboxes(rows, query.getFixedUser()).stream()
                    .filter(query::matches)
                    .toList();
        });
    }

    @Override
    public Mono<Boolean> hasChildren(Mailbox mailbox, char delimiter) {
        return connections.later(() -> {
            Optional<AccountId> owner = accounts.account(mailbox.getUser());
            return owner.isPresent()
                    && connections
                            .run(c -> Sql.first(
                                    c,
                                    row -> 1,
                                    "select from mailbox where owner_id = ? and namespace = ? and starts_with(name, ?)"
                                            + " limit 1",
                                    owner.get().value(),
                                    mailbox.getNamespace(),
                                    mailbox.getName() + delimiter))
                            .isPresent();
        });
    }

    /** Every mailbox of the State, page by page. */
    @Override
    public Flux<Mailbox> list() {
        return Flux.generate(() -> 0L, (Long after, reactor.core.publisher.SynchronousSink<List<Row>> sink) -> {
                    try {
                        List<Row> page = find("where id > ? order by id limit " + PAGE, after);
                        if (page.isEmpty()) {
                            sink.complete();
                            return after;
                        }
                        sink.next(page);
                        return page.getLast().id();
                    } catch (MailboxException e) {
                        sink.error(e);
                        return after;
                    }
                })
                .subscribeOn(connections.scheduler())
                .concatMapIterable(rows -> mailboxes(rows, null), 1);
    }

    @Override
    public Mono<ACLDiff> updateACL(Mailbox mailbox, MailboxACL.ACLCommand command) {
        return connections.later(() -> {
            MailboxACL.ACLCommand stored = MailboxACL.command()
                    .key(AclColumn.stored(command.getEntryKey(), accounts))
                    .mode(command.getEditMode())
                    .rights(command.getRights())
                    .build();
            return changeAcl(mailbox, acl -> acl.apply(stored));
        });
    }

    @Override
    public Mono<ACLDiff> setACL(Mailbox mailbox, MailboxACL acl) {
        return connections.later(() -> {
            MailboxACL stored = AclColumn.stored(acl, accounts);
            return changeAcl(mailbox, _ -> stored);
        });
    }

    @FunctionalInterface
    private interface AclChange {
        MailboxACL of(MailboxACL old) throws MailboxException;
    }

    /** The change is made on ids, under the row's lock; names are looked up when no connection is held. */
    private ACLDiff changeAcl(Mailbox mailbox, AclChange change) throws MailboxException {
        long id = number(mailbox.getMailboxId());
        ACLDiff stored = connections.transaction(c -> {
            long modSeq = Sql.first(c, row -> row.getLong(1), AccountCounter.MAILBOX_CHANGED, id)
                    .orElseThrow(() -> new MailboxNotFoundException(mailbox.getMailboxId()));
            Locked locked = lockAcl(c, id).orElseThrow(() -> new MailboxNotFoundException(mailbox.getMailboxId()));
            MailboxACL changed = change.of(locked.acl());
            Sql.update(
                    c,
                    "update mailbox set acl = ?::jsonb, changed_modseq = ? where id = ?",
                    AclColumn.write(changed),
                    modSeq,
                    id);
            ACLDiff difference = ACLDiff.computeDiff(locked.acl(), changed);
            note(c, new Subject(Subject.Kind.MAILBOX, locked.owner() + "/" + id), difference);
            return difference;
        });
        Set<AccountId> concerned = new HashSet<>();
        AclColumn.accounts(stored.getOldACL()).forEach(concerned::add);
        AclColumn.accounts(stored.getNewACL()).forEach(concerned::add);
        Map<AccountId, Username> names = accounts.names(concerned);
        MailboxACL changed = AclColumn.named(stored.getNewACL(), names);
        mailbox.setACL(changed);
        return ACLDiff.computeDiff(AclColumn.named(stored.getOldACL(), names), changed);
    }

    /** An act and its audit rows commit together. */
    private void note(Connection c, Subject mailbox, ACLDiff difference) throws SQLException {
        Circumstances now = MailboxVisit.circumstances(session, clock);
        List<AuditEvent.MailboxRights> events = Stream.of(
                        difference.addedEntries().map(it -> AclColumn.told(it.getKey(), it.getValue())),
                        difference.changedEntries().map(it -> AclColumn.told(it.getKey(), it.getValue())),
                        difference.removedEntries().map(it -> AclColumn.told(it.getKey(), MailboxACL.NO_RIGHTS)))
                .flatMap(each -> each)
                .map(rights -> new AuditEvent.MailboxRights(
                        now, mailbox, Optional.of(new Subject(Subject.Kind.RIGHTS, rights))))
                .toList();
        if (!events.isEmpty()) {
            trail.record(c, events);
        }
    }

    private record Locked(UUID owner, MailboxACL acl) {}

    private static Optional<Locked> lockAcl(Connection c, long id) throws SQLException {
        return Sql.first(
                c,
                row -> new Locked(row.getObject(1, UUID.class), AclColumn.read(row.getString(2))),
                "select owner_id, acl from mailbox where id = ? for update",
                id);
    }

    private record Row(long id, AccountId owner, String namespace, String name, UidValidity validity, MailboxACL acl) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong("id"),
                    new AccountId(row.getObject("owner_id", UUID.class)),
                    row.getString("namespace"),
                    row.getString("name"),
                    UidValidity.of(row.getLong("uid_validity")),
                    AclColumn.read(row.getString("acl")));
        }

        Mailbox mailbox(Username owner, Map<AccountId, Username> names) {
            Mailbox mailbox = new Mailbox(new MailboxPath(namespace, owner, name), validity, new PostgresMailboxId(id));
            mailbox.setACL(AclColumn.named(acl, names));
            return mailbox;
        }
    }

    private List<Row> find(String where, Object... parameters) throws MailboxException {
        return connections.run(c -> Sql.query(
                c,
                Row::read,
                "select id, owner_id, namespace, name, uid_validity, acl from mailbox " + where,
                parameters));
    }

    /**
     * Rows as James wants them; the mailbox of an account that no longer exists is nobody's and is left out.
     *
     * @param asked the name under which the owner was asked for, which James compares with the session's
     */
    private List<Mailbox> mailboxes(List<Row> rows, @Nullable Username asked) {
        Set<AccountId> concerned = new HashSet<>();
        for (Row row : rows) {
            AclColumn.accounts(row.acl()).forEach(concerned::add);
            if (asked == null) {
                concerned.add(row.owner());
            }
        }
        Map<AccountId, Username> names = accounts.names(concerned);
        return rows.stream()
                .flatMap(row -> Optional.ofNullable(asked == null ? names.get(row.owner()) : asked).stream()
                        .map(owner -> row.mailbox(owner, names)))
                .toList();
    }

    private UUID owner(@Nullable Username user) throws MailboxException {
        return accounts.account(user)
                .orElseThrow(
                        () -> new MailboxException("A mailbox belongs to an account, and no account has the address "
                                + (user == null ? "of nobody" : user.asString())))
                .value();
    }

    private static void demandName(String name) throws MailboxNameException {
        if (name.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            // A line end in a name would be read as the end of an IMAP response.
            throw new MailboxNameException("A mailbox name may not contain a line end or the character NUL");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > NAME_OCTETS_MAX) {
            throw new TooLongMailboxNameException("A mailbox name has at most " + NAME_OCTETS_MAX + " octets of UTF-8");
        }
    }
}
