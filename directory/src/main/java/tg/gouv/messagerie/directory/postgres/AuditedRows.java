package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.imports.AddressRule;
import tg.gouv.messagerie.directory.postgres.GivenRows.Given;
import tg.gouv.messagerie.directory.postgres.PeopleRows.Kept;
import tg.gouv.messagerie.directory.provisioning.Activation;
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
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;

/** The tables, as one transaction writes them; it remembers what changed, for the audit trail, and who became active. */
final class AuditedRows {
    private static final Set<Act> SHAKING = Set.of(Act.ACCOUNT_STATE, Act.PASSWORD, Act.ASSIGNMENT);

    private final Circumstances circumstances;
    private final Judge judge;
    private final StructureRows structure;
    private final AccountRows accounts;
    private final PeopleRows people;
    private final FunctionRows functions;
    private final GroupRows groups;
    private final RoomRows rooms;
    private final DepartureRows departures;
    private final ErasureRows erasures;
    private final GivenRows given;
    private final List<DirectoryChange> changes = new ArrayList<>();
    private final List<UUID> activated = new ArrayList<>();
    /** Groups that were removed, with who was in them, and those that a list left. */
    private final Set<UUID> left = new HashSet<>();

    private final Set<UUID> departed = new LinkedHashSet<>();
    private final List<AccountId> erased = new ArrayList<>();

    AuditedRows(Write write, Circumstances circumstances) {
        this.circumstances = circumstances;
        this.judge = new Judge(write, circumstances.actor());
        this.structure = new StructureRows(write, judge);
        this.accounts = new AccountRows(write, judge);
        this.people = new PeopleRows(write, judge, structure, accounts);
        this.functions = new FunctionRows(write, judge, structure, accounts);
        this.groups = new GroupRows(write, judge, structure, accounts);
        this.rooms = new RoomRows(write, judge, structure, accounts);
        this.departures = new DepartureRows(write);
        this.erasures = new ErasureRows(write);
        this.given = new GivenRows(write, judge, circumstances.actor(), structure);
    }

    /** What changed, in the order in which it did. */
    List<DirectoryChange> changes() {
        return changes;
    }

    /** What the changes were of: accounts, entities and positions, by their ids. */
    Set<UUID> touched() throws SQLException {
        Set<UUID> touched = new HashSet<>();
        Set<String> codes = new HashSet<>();
        Set<String> groupCodes = new HashSet<>();
        for (DirectoryChange change : changes) {
            Stream.concat(Stream.of(change.subject()), change.counterpart().stream())
                    .forEach(subject -> {
                        switch (subject.kind()) {
                            case ACCOUNT -> touched.add(UUID.fromString(subject.id()));
                            case ENTITY, POSITION -> codes.add(subject.id());
                            case GROUP -> groupCodes.add(subject.id());
                            default -> {
                                // shown by what has it
                            }
                        }
                    });
        }
        touched.addAll(structure.withCodes(codes));
        touched.addAll(groups.withCodes(groupCodes));
        touched.addAll(left);
        return touched;
    }

    /** The accounts whose sessions may stand on nothing any more. */
    List<UUID> shaken() {
        return changes.stream()
                .filter(change -> SHAKING.contains(change.change()))
                .map(change -> UUID.fromString(change.subject().id()))
                .toList();
    }

    /** The accounts that became active for the first time, as they are now. */
    List<Activation> activated() throws SQLException {
        return accounts.activations(activated);
    }

    /** What was seen is so still. */
    void demandAsSeen(State seen) throws SQLException {
        for (Entity entity : seen.entities()) {
            demandAsSeen(entity, structure.entity(entity.code()), entity.code());
        }
        for (Position position : seen.positions()) {
            demandAsSeen(position, structure.position(position.code()), position.code());
        }
        for (Person person : seen.people()) {
            demandAsSeen(person, Optional.of(people.read(people.accountOf(person.address()))), person.address());
        }
        for (Group group : seen.groups()) {
            demandAsSeen(group, groups.read(group.code()), group.code());
        }
        for (MailingList list : seen.mailingLists()) {
            demandAsSeen(list, groups.read(list.address()), list.address());
        }
    }

    private static void demandAsSeen(Object seen, Optional<?> now, Object name) {
        if (!now.equals(Optional.of(seen))) {
            throw new ProvisioningRefused(ProvisioningRefused.Reason.CHANGED_MEANWHILE, name);
        }
    }

    boolean domain(String name) throws SQLException {
        return domain(structure.domain(name), name);
    }

    boolean domain(Domain domain) throws SQLException {
        return domain(structure.domain(domain), domain.name());
    }

    private boolean domain(boolean changed, String name) {
        return noted(changed, Act.DOMAIN, new Subject(Subject.Kind.DOMAIN, name.toLowerCase(Locale.ROOT)));
    }

    boolean entity(Entity entity) throws SQLException {
        boolean changed = structure.entity(entity);
        return noted(
                changed,
                Act.ENTITY,
                new Subject(Subject.Kind.ENTITY, entity.code().value()));
    }

    boolean addressRule(EntityCode entity, Optional<AddressRule> rule) throws SQLException {
        boolean changed = structure.addressRule(entity, rule);
        return noted(changed, Act.ENTITY, new Subject(Subject.Kind.ENTITY, entity.value()));
    }

    boolean position(Position position) throws SQLException {
        boolean changed = structure.position(position);
        return noted(
                changed,
                Act.POSITION,
                new Subject(Subject.Kind.POSITION, position.code().value()));
    }

    Kept person(Person person) throws SQLException {
        Kept kept = people.person(person);
        noted(kept.changed(), Act.PERSON, account(kept.account()));
        if (kept.made()) {
            activated.add(kept.account());
        }
        return kept;
    }

    /** Changes a person who is there. */
    void change(UUID account, Person person) throws SQLException {
        noted(people.change(account, person), Act.PERSON, account(account));
    }

    /** What these rows read and write of people, for who makes one act of several. */
    PeopleRows people() {
        return people;
    }

    boolean assignment(Assignment assignment) throws SQLException {
        boolean changed = people.assignment(assignment);
        judge.forget();
        if (changed) {
            changes.add(new DirectoryChange(
                    circumstances,
                    Act.ASSIGNMENT,
                    account(people.accountOf(assignment.person())),
                    Optional.of(new Subject(
                            Subject.Kind.POSITION, assignment.position().value()))));
        }
        return changed;
    }

    /** Takes back the assignments of a person that have not begun. */
    void cancelAssignments(UUID account) throws SQLException {
        for (String position : people.cancelAssignments(account)) {
            changes.add(new DirectoryChange(
                    circumstances,
                    Act.ASSIGNMENT,
                    account(account),
                    Optional.of(new Subject(Subject.Kind.POSITION, position))));
        }
        judge.forget();
    }

    Kept functionMailbox(FunctionMailbox mailbox) throws SQLException {
        Kept kept = functions.functionMailbox(mailbox);
        noted(kept.changed(), Act.FUNCTION_MAILBOX, account(kept.account()));
        if (kept.made()) {
            activated.add(kept.account());
        }
        return kept;
    }

    boolean group(Group group) throws SQLException {
        return noted(groups.group(group), Act.GROUP, group(group.code()));
    }

    boolean removeGroup(GroupCode code) throws SQLException {
        left.addAll(groups.idAndMembers(code));
        return noted(groups.remove(code), Act.GROUP_REMOVED, group(code));
    }

    Kept mailingList(MailingList list) throws SQLException {
        groups.groupOf(list.address()).ifPresent(left::add);
        Kept kept = groups.mailingList(list);
        if (kept.changed()) {
            changes.add(new DirectoryChange(
                    circumstances, Act.MAILING_LIST, account(kept.account()), Optional.of(group(list.group()))));
        }
        return kept;
    }

    boolean room(Room room, Optional<Room> seen) throws SQLException {
        if (seen.isPresent()) {
            demandAsSeen(seen.get(), rooms.read(room.address()), room.address());
        }
        Kept kept = rooms.room(room);
        return noted(kept.changed(), Act.ROOM, account(kept.account()));
    }

    private static Subject group(GroupCode code) {
        return new Subject(Subject.Kind.GROUP, code.value());
    }

    boolean alias(AccountId account, MailAddress alias) throws SQLException {
        demandAddresses(account);
        boolean changed = accounts.alias(account, alias);
        if (changed) {
            changes.add(new DirectoryChange(
                    circumstances,
                    Act.ALIAS,
                    account(account.value()),
                    Optional.of(new Subject(Subject.Kind.ADDRESS, alias.toString()))));
        }
        return changed;
    }

    boolean retire(AccountId account, MailAddress address) throws SQLException {
        demandAddresses(account);
        boolean changed = accounts.retire(account, address);
        if (changed) {
            changes.add(new DirectoryChange(
                    circumstances,
                    Act.ADDRESS_RETIRED,
                    account(account.value()),
                    Optional.of(new Subject(Subject.Kind.ADDRESS, address.toString()))));
        }
        return changed;
    }

    /** What an address delivers is read by whoever its account opens to, and it signs in: who gives or takes one has what the account has. */
    private void demandAddresses(AccountId account) throws SQLException {
        judge.demandAt(
                switch (accounts.kind(account)) {
                    case PERSON -> Right.PEOPLE;
                    case FUNCTION -> Right.FUNCTION_MAILBOXES;
                    case LIST -> Right.GROUPS;
                    case ROOM -> Right.ROOMS;
                },
                account.value());
        judge.dominate(account.value());
    }

    boolean state(AccountId account, Account.State state) throws SQLException {
        Account.Kind kind = accounts.kind(account);
        judge.demandAt(
                switch (kind) {
                    case PERSON, FUNCTION -> Right.STATE;
                    case LIST -> Right.GROUPS;
                    case ROOM -> Right.ROOMS;
                },
                account.value());
        boolean receives = kind == Account.Kind.PERSON || kind == Account.Kind.FUNCTION;
        judge.dominate(account.value());
        if (receives && state == Account.State.ACTIVE && accounts.isNew(account)) {
            activated.add(account.value());
        }
        boolean changed = accounts.state(account, state);
        judge.budgets(judge.placeOf(account.value()));
        if (changed) {
            changes.add(new DirectoryChange(
                    circumstances,
                    Act.ACCOUNT_STATE,
                    account(account.value()),
                    Optional.of(new Subject(Subject.Kind.STATE, state.name().toLowerCase(Locale.ROOT)))));
        }
        return changed;
    }

    /** Says who reads and answers for somebody who has left, and until when. */
    void departure(UUID account, LifeCycle.Departure act) throws SQLException {
        judge.demandAt(Right.STATE, account);
        if (act.reader().isPresent()) {
            judge.credentials(account); // who reads their mail is given what a password would give
        }
        Optional<UUID> reader = departures.reader(account, act);
        if (departures.write(account, act, reader)) {
            changes.add(new DirectoryChange(
                    circumstances, Act.DEPARTURE, account(account), reader.map(AuditedRows::account)));
            departed.add(account);
        }
    }

    /** Ends a departure, if there is one. */
    void comeBack(UUID account) throws SQLException {
        judge.demandAt(Right.STATE, account);
        if (departures.remove(account)) {
            changes.add(new DirectoryChange(circumstances, Act.DEPARTURE_ENDED, account(account)));
            departed.add(account);
        }
    }

    /** Those who left or came back, as they are now. */
    List<Departed> departed() throws SQLException {
        return departures.departed(departed);
    }

    /** Keeps somebody's data from erasure. */
    void hold(UUID account, String reason) throws SQLException {
        judge.demandAt(Right.PERSONAL_DATA, account);
        if (erasures.hold(account, reason, circumstances.actor().text())) {
            changes.add(new DirectoryChange(
                    circumstances,
                    Act.LEGAL_HOLD,
                    account(account),
                    Optional.of(new Subject(Subject.Kind.REASON, reason))));
        }
    }

    /** Keeps it no longer. */
    void endHold(UUID account) throws SQLException {
        judge.demandAt(Right.PERSONAL_DATA, account);
        noted(erasures.endHold(account), Act.LEGAL_HOLD_ENDED, account(account));
    }

    /** Erases somebody who has left, and tells what went and what stays. */
    List<LifeCycle.Change> erase(UUID account, LifeCycle.Erasure act) throws SQLException {
        judge.demandAt(Right.PERSONAL_DATA, account);
        judge.dominate(account);
        erasures.demand(account, accounts.stateOf(account), act);
        changes.add(new DirectoryChange(circumstances, Act.ERASURE, account(account)));
        erased.add(new AccountId(account));
        return erasures.erase(account, act.person());
    }

    /** Those of whom everything went. */
    List<AccountId> erased() {
        return erased;
    }

    /** Makes an account active that never was: who has its code was given the right to. */
    boolean activate(AccountId account) throws SQLException {
        if (!accounts.isNew(account)) {
            return false;
        }
        activated.add(account.value());
        accounts.state(account, Account.State.ACTIVE);
        changes.add(new DirectoryChange(
                circumstances,
                Act.ACCOUNT_STATE,
                account(account.value()),
                Optional.of(new Subject(Subject.Kind.STATE, "active"))));
        return true;
    }

    boolean password(AccountId account, String hash, boolean replace) throws SQLException {
        judge.credentials(account.value());
        return writePassword(account, hash, replace);
    }

    /** Gives the account that acts another password. */
    boolean ownPassword(AccountId account, String hash) throws SQLException {
        return writePassword(account, hash, true);
    }

    /** The account that acts reads another language. */
    boolean ownLanguage(AccountId account, Locale language) throws SQLException {
        return noted(people.language(account.value(), language), Act.PERSON, account(account.value()));
    }

    private boolean writePassword(AccountId account, String hash, boolean replace) throws SQLException {
        boolean changed = accounts.password(account, hash, replace);
        return noted(changed, Act.PASSWORD, account(account.value()));
    }

    /** Gives a password to the account that has this address, unless it has one. */
    boolean firstPassword(MailAddress address, Map<MailAddress, String> hashed) throws SQLException {
        AccountId account = new AccountId(people.accountOf(address));
        String hash = hashed.get(address);
        return hash != null && password(account, hash, false);
    }

    /** Gives rights. */
    UUID grant(Grant grant) throws SQLException {
        Given made = given.grant(grant);
        judge.forget();
        changes.add(new DirectoryChange(
                circumstances, Act.GRANT, made.holder(), Optional.of(new Subject(Subject.Kind.GRANT, made.text()))));
        return made.id();
    }

    /** Takes rights back. */
    boolean revoke(UUID grant) throws SQLException {
        Optional<Given> taken = given.revoke(grant);
        judge.forget();
        taken.ifPresent(each -> changes.add(new DirectoryChange(
                circumstances, Act.REVOKE, each.holder(), Optional.of(new Subject(Subject.Kind.GRANT, each.text())))));
        return taken.isPresent();
    }

    private boolean noted(boolean changed, Act act, Subject subject) {
        if (changed) {
            changes.add(new DirectoryChange(circumstances, act, subject));
        }
        return changed;
    }

    private static Subject account(UUID id) {
        return new Subject(Subject.Kind.ACCOUNT, id.toString());
    }
}
