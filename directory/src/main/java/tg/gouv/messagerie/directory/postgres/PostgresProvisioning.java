package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Activation;
import tg.gouv.messagerie.directory.provisioning.Activations;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Departed;
import tg.gouv.messagerie.directory.provisioning.Domain;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.signin.PasswordHashes;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * Acts take one advisory lock, so they happen one after the other: what an act has read is still so when it commits. That
 * keeps the tree without cycles and addresses without races, without an order of row locks that each act would have to
 * obey. An act holds the lock for a few milliseconds; whoever waits longer than database.statement-timeout is told to try
 * again. Passwords are hashed before the transaction begins, and setting one takes no lock but its row's.
 */
/** Writes the schema {@code directory}. */
final class PostgresProvisioning implements Provisioning {
    private static final ScopedValue<Boolean> REHEARSING = ScopedValue.newInstance();

    private final Connections connections;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final PasswordHashes hashes;
    private final ChosenPasswords chosen;
    private final AuditTrail trail;
    private final Activations activations;
    private final LdapProjection projection = new LdapProjection();
    private final PostgresSessions sessions;

    PostgresProvisioning(
            Connections connections,
            InstantSource clock,
            Uuid7 ids,
            PasswordHashes hashes,
            ChosenPasswords chosen,
            AuditTrail trail,
            Activations activations,
            PostgresSessions sessions) {
        this.connections = connections;
        this.clock = clock;
        this.ids = ids;
        this.hashes = hashes;
        this.chosen = chosen;
        this.trail = trail;
        this.activations = activations;
        this.sessions = sessions;
    }

    @Override
    public void domain(String name) {
        act(rows -> rows.domain(name));
    }

    @Override
    public boolean domain(Domain domain) {
        return act(rows -> rows.domain(domain));
    }

    @Override
    public void entity(Entity entity) {
        act(rows -> rows.entity(entity));
    }

    @Override
    public void position(Position position) {
        act(rows -> rows.position(position));
    }

    @Override
    public AccountId person(Person person) {
        return new AccountId(act(rows -> rows.person(person)).account());
    }

    @Override
    public void assignment(Assignment assignment) {
        act(rows -> rows.assignment(assignment));
    }

    @Override
    public AccountId functionMailbox(FunctionMailbox mailbox) {
        return new AccountId(act(rows -> rows.functionMailbox(mailbox)).account());
    }

    @Override
    public void group(Group group) {
        act(rows -> rows.group(group));
    }

    @Override
    public boolean removeGroup(GroupCode group) {
        return act(rows -> rows.removeGroup(group));
    }

    @Override
    public AccountId mailingList(MailingList list) {
        return new AccountId(act(rows -> rows.mailingList(list)).account());
    }

    @Override
    public boolean room(Room room, Optional<Room> seen) {
        return act(rows -> rows.room(room, seen));
    }

    @Override
    public boolean alias(AccountId account, MailAddress alias) {
        return act(rows -> rows.alias(account, alias));
    }

    @Override
    public boolean retire(AccountId account, MailAddress address) {
        return act(rows -> rows.retire(account, address));
    }

    @Override
    public void state(AccountId account, Account.State state) {
        act(rows -> rows.state(account, state));
    }

    @Override
    public void password(AccountId account, Secret password) {
        String hash = hash(password);
        // Who is judged takes the lock, so that what is judged stays; a password by itself waits for nobody.
        if (Judge.trusts(Circumstances.current(clock).actor()) && !REHEARSING.isBound()) {
            connections.transaction(c -> audited(new Write(c, now(), ids), rows -> rows.password(account, hash, true)));
        } else {
            act(rows -> rows.password(account, hash, true));
        }
    }

    @Override
    public void ownPassword(AccountId account, Secret password) {
        if (!Circumstances.current(clock).actor().equals(new Actor.Account(account.value()))) {
            throw new IllegalStateException("somebody else's password is not one's own");
        }
        if (REHEARSING.isBound()) {
            throw new IllegalStateException("one's own password is not rehearsed");
        }
        chosen.demand(account, password);
        String hash = hash(password);
        connections.transaction(c -> audited(new Write(c, now(), ids), rows -> rows.ownPassword(account, hash)));
    }

    @Override
    public boolean ownLanguage(AccountId account, Locale language) {
        if (!Circumstances.current(clock).actor().equals(new Actor.Account(account.value()))) {
            throw new IllegalStateException("somebody else's language is not one's own");
        }
        return act(rows -> rows.ownLanguage(account, language));
    }

    @Override
    public void demandGood(AccountId account, Secret password) {
        chosen.demand(account, password);
    }

    @Override
    public boolean importedPassword(AccountId account, String hash) {
        if (!PasswordHashes.canImport(hash)) {
            throw new ProvisioningRefused(Reason.BAD_HASH);
        }
        return act(rows -> rows.password(account, hash, false));
    }

    @Override
    public LifeCycle.Done perform(LifeCycle act) {
        return act((write, rows) -> new LifeCycleRows(write, rows).perform(act));
    }

    @Override
    public LifeCycle.Done rehearse(LifeCycle act) {
        return rehearse(it -> it.perform(act));
    }

    @Override
    public <T> T rehearse(Function<Provisioning, T> act) {
        return ScopedValue.where(REHEARSING, true).call(() -> act.apply(this));
    }

    @Override
    public UUID grant(Grant grant) {
        return act(rows -> rows.grant(grant));
    }

    @Override
    public boolean revoke(UUID grant) {
        return act(rows -> rows.revoke(grant));
    }

    @Override
    public Applied apply(State state) {
        return apply(state, State.NOTHING);
    }

    @Override
    public Applied apply(State state, State seen) {
        Map<MailAddress, String> passwords = hashed(state.passwords());
        return act(rows -> {
            rows.demandAsSeen(seen);
            Count count = new Count();
            count.each(state.domains(), rows::domain);
            count.each(state.entities(), rows::entity);
            count.each(state.positions(), rows::position);
            count.each(state.people(), person -> rows.person(person).changed());
            count.each(
                    state.functionMailboxes(),
                    mailbox -> rows.functionMailbox(mailbox).changed());
            count.each(state.assignments(), rows::assignment);
            count.each(state.groups(), rows::group);
            count.each(state.mailingLists(), list -> rows.mailingList(list).changed());
            count.each(state.passwords().keySet(), address -> rows.firstPassword(address, passwords));
            return new Applied(count.changed, count.unchanged);
        });
    }

    /** Hashes the passwords of accounts that have none yet: the others cost nothing. */
    private Map<MailAddress, String> hashed(Map<MailAddress, Secret> passwords) {
        if (passwords.isEmpty()) {
            return Map.of();
        }
        String[] addresses =
                passwords.keySet().stream().map(MailAddress::toString).toArray(String[]::new);
        Set<String> served = new HashSet<>(connections.autoCommit(c -> Sql.query(
                c,
                row -> row.getString(1),
                "select d.address from address d join credential c on c.account_id = d.account_id where d.address = any(?)",
                (Object) addresses)));
        return passwords.entrySet().parallelStream()
                .filter(each -> !served.contains(each.getKey().toString()))
                .collect(Collectors.toMap(Map.Entry::getKey, each -> hash(each.getValue())));
    }

    private String hash(Secret password) {
        try {
            return hashes.hash(password).orElseThrow(() -> new ProvisioningRefused(Reason.BAD_PASSWORD));
        } catch (PasswordHashes.Busy _) {
            throw new ProvisioningRefused(Reason.BUSY);
        }
    }

    private <T> T act(Act<T> act) {
        return act((_, rows) -> act.on(rows));
    }

    private <T> T act(WholeAct<T> act) {
        AtomicReference<@Nullable T> rehearsed = new AtomicReference<>();
        try {
            return connections.transaction(c -> {
                Write write = new Write(c, now(), ids);
                write.begin();
                return audited(write, rows -> {
                    T result = act.on(write, rows);
                    if (REHEARSING.isBound()) {
                        rehearsed.set(result);
                        throw new Rehearsed();
                    }
                    projection.project(write, rows.touched());
                    return result;
                });
            });
        } catch (Rehearsed _) {
            return Objects.requireNonNull(rehearsed.get());
        } catch (ProvisioningRefused e) {
            if (e.reason().isOfRights()) {
                trail.count(new AuditEvent.Refusal(Circumstances.current(clock), refusedIn(e)));
            }
            throw e;
        }
    }

    /** In which part of the State something was refused: its last value names it, when there is one. */
    static Subject refusedIn(ProvisioningRefused refused) {
        return new Subject(
                refused.reason() == Reason.NO_RIGHT_IN_THE_STATE ? Subject.Kind.QUESTION : Subject.Kind.ENTITY,
                refused.values().getLast());
    }

    /**
     * Does an act, writes what it changed into the audit trail, and says whom it made active, in the same transaction; once that is
     * committed, the sessions of those whose access it changed are looked at.
     */
    private <T> T audited(Write write, Act<T> act) throws SQLException {
        AuditedRows rows = new AuditedRows(write, Circumstances.current(clock));
        T result = act.on(rows);
        trail.record(write.connection(), rows.changes());
        sessions.changed(rows.shaken());
        List<Activation> activated = rows.activated();
        if (!activated.isEmpty()) {
            activations.activated(write.connection(), activated);
        }
        List<Departed> departed = rows.departed();
        if (!departed.isEmpty()) {
            activations.departed(write.connection(), departed);
        }
        if (!rows.erased().isEmpty()) {
            activations.erased(write.connection(), rows.erased());
        }
        return result;
    }

    /** Makes an account active whose owner has shown its code, if it never was; the transaction holds the lock of acts. */
    void activate(Write write, AccountId account) throws SQLException {
        audited(write, rows -> {
            boolean changed = rows.activate(account);
            projection.project(write, rows.touched());
            return changed;
        });
    }

    /** Brings the entries that LDAP shows to what the tables are, if another program projected them, or none. */
    void projectAll() {
        connections.transaction(c -> {
            Write write = new Write(c, now(), ids);
            write.begin();
            projection.begin(write);
            return write;
        });
    }

    /** Closes the accounts of those who left, when it is time. */
    void closeDeparted() {
        OffsetDateTime now = Times.of(now());
        if (connections
                .autoCommit(c -> Sql.first(
                        c,
                        row -> true,
                        "select from departure d join account a on a.id = d.account_id and a.state <> 'closed' where d.until <= ? limit 1",
                        now))
                .isPresent()) {
            act((write, rows) -> {
                for (AccountId account : new DepartureRows(write).due()) {
                    rows.state(account, Account.State.CLOSED);
                }
                return write;
            });
        }
    }

    /**
     * Projects the assignments that began or ended by themselves since the last time.
     *
     * @param kept how long the feed of changes goes back
     */
    void projectDue(Duration kept) {
        boolean due = connections.autoCommit(c -> projection.isDue(new Write(c, now(), ids)));
        if (due) {
            connections.transaction(c -> {
                Write write = new Write(c, now(), ids);
                write.begin();
                projection.due(write);
                return write;
            });
        }
        connections.autoCommit(c -> Sql.update(c, "delete from ldap_change where at < ?", Times.of(now().minus(kept))));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS); // as precise as PostgreSQL
    }

    /** What is written in one transaction. */
    @FunctionalInterface
    private interface Act<T> {
        T on(AuditedRows rows) throws SQLException;
    }

    /** The same, for an act that reads too. */
    @FunctionalInterface
    private interface WholeAct<T> {
        T on(Write write, AuditedRows rows) throws SQLException;
    }

    /** Takes an act back that was done to see what it does. */
    private static final class Rehearsed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Rehearsed() {
            super("rehearsed", null, false, false);
        }
    }

    /** Writes one thing and tells whether something changed. */
    @FunctionalInterface
    private interface Each<T> {
        boolean write(T thing) throws SQLException;
    }

    private static final class Count {
        private int changed;
        private int unchanged;

        <T> void each(Collection<T> things, Each<T> write) throws SQLException {
            for (T thing : things) {
                if (write.write(thing)) {
                    changed++;
                } else {
                    unchanged++;
                }
            }
        }
    }
}
