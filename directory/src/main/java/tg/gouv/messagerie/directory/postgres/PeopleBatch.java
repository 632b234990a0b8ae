package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.imports.HeldPosition;
import tg.gouv.messagerie.directory.imports.KnownPerson;
import tg.gouv.messagerie.directory.imports.Permits;
import tg.gouv.messagerie.directory.imports.PersonChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Sql;

/** Changes of people that are written together: one statement for each table, however many they are. */
final class PeopleBatch {
    private final Write write;
    private final Circumstances circumstances;
    private final UUID importId;
    private final List<PersonChange> changes;
    private final IdentityHashMap<PersonChange, UUID> accounts = new IdentityHashMap<>();
    private final IdentityHashMap<PersonChange, UUID> people = new IdentityHashMap<>();

    PeopleBatch(Write write, Circumstances circumstances, UUID importId, List<PersonChange> changes) {
        this.write = write;
        this.circumstances = circumstances;
        this.importId = importId;
        this.changes = changes;
        for (PersonChange each : changes) {
            accounts.put(each, each.before().map(KnownPerson::account).orElseGet(write::newId));
            people.put(each, each.before().map(KnownPerson::person).orElseGet(write::newId));
        }
    }

    /** Whether everybody is still as they were when the changes were planned. */
    boolean isCurrent() {
        Map<String, KnownPerson> now = new PostgresPresent(write.connection())
                .people(changes.stream().map(PersonChange::number).toList());
        return changes.stream().allMatch(each -> each.before().equals(Optional.ofNullable(now.get(each.number()))));
    }

    /** Whether whoever imports still may make these changes; under the lock of acts. */
    boolean isAllowed() throws SQLException {
        Permits permits = ImportJudge.of(write, circumstances.actor(), changes);
        return changes.stream().allMatch(each -> permits.refusal(each).isEmpty());
    }

    /**
     * Writes all of it.
     *
     * @return false if an address was given to somebody else meanwhile; the transaction must be undone then
     */
    boolean write() throws SQLException {
        List<PersonChange> known = which(it -> it.before().isPresent());
        remember(known);
        make(which(it -> it.before().isEmpty()));
        alter(known);
        boolean free = addresses(known);
        assignments();
        secrets();
        settle();
        return free;
    }

    /** The accounts that became active for the first time. */
    List<UUID> activated() {
        return ids(which(it -> it.state().equals("active")
                && it.before().filter(was -> !was.state().equals("created")).isEmpty()));
    }

    /** The accounts that were there whose sessions may stand on nothing any more. */
    List<UUID> shaken() {
        return ids(which(it -> it.before().isPresent()
                && (it.altersState()
                        || !it.begun().isEmpty()
                        || !it.altered().isEmpty()
                        || !it.hash().isEmpty())));
    }

    /** Every account of the batch. */
    List<UUID> touched() {
        return List.copyOf(accounts.values());
    }

    int made() {
        return which(it -> it.before().isEmpty()).size();
    }

    /** What the audit trail is told. */
    List<DirectoryChange> audited() {
        List<DirectoryChange> events = new ArrayList<>();
        for (PersonChange each : changes) {
            Subject account = new Subject(Subject.Kind.ACCOUNT, String.valueOf(accounts.get(each)));
            if (each.altersPerson() || each.altersPrimary()) {
                events.add(new DirectoryChange(circumstances, Act.PERSON, account));
            }
            if (each.altersState()) {
                events.add(told(Act.ACCOUNT_STATE, account, Subject.Kind.STATE, each.state()));
            }
            each.aliases().forEach(it -> events.add(told(Act.ALIAS, account, Subject.Kind.ADDRESS, it)));
            each.begun().forEach(it -> events.add(told(Act.ASSIGNMENT, account, Subject.Kind.POSITION, it.code())));
            each.altered().forEach(it -> events.add(told(Act.ASSIGNMENT, account, Subject.Kind.POSITION, it.code())));
            if (!each.hash().isEmpty()) {
                events.add(new DirectoryChange(circumstances, Act.PASSWORD, account));
            }
        }
        return events;
    }

    private DirectoryChange told(Act act, Subject account, Subject.Kind kind, String with) {
        return new DirectoryChange(circumstances, act, account, Optional.of(new Subject(kind, with)));
    }

    /** Keeps how those are who will be changed; what an earlier batch of the same import kept stays. */
    private void remember(List<PersonChange> known) throws SQLException {
        if (!known.isEmpty()) {
            write.update(
                    "insert into import_change(import_id, account_id, before, after) select ?, i.account_id, i.image, ''"
                            + " from (" + ImportedPeople.IMAGES + ") i on conflict do nothing",
                    importId,
                    ids(known).toArray(UUID[]::new));
        }
    }

    /** Keeps how everybody is now. */
    private void settle() throws SQLException {
        UUID[] all = accounts.values().toArray(UUID[]::new);
        write.update(
                "insert into import_change(import_id, account_id, before, after) select ?, i.account_id, null, "
                        + ImportedPeople.DIGEST + " from (" + ImportedPeople.IMAGES
                        + ") i on conflict (import_id, account_id) do update set after = excluded.after",
                importId,
                all);
    }

    private void make(List<PersonChange> made) throws SQLException {
        if (made.isEmpty()) {
            return;
        }
        write.update(
                """
                insert into account(id, kind, state, display_name, made, changed)
                select u.id, 'person', u.state, u.name, ?, ? from unnest(?::uuid[], ?::text[], ?::text[]) u(id, state, name)
                """,
                write.time(),
                write.time(),
                ids(made).toArray(UUID[]::new),
                texts(made, PersonChange::state),
                texts(made, PersonChange::display));
        write.update(
                """
                insert into person(id, account_id, registration_number, given_name, family_name, language, entity_id, made)
                select u.id, u.account, u.number, u.given, u.family, u.language, e.id, ?
                from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                    u(id, account, number, given, family, language, entity) left join entity e on e.code = u.entity
                """,
                write.time(),
                made.stream().map(people::get).toArray(UUID[]::new),
                ids(made).toArray(UUID[]::new),
                texts(made, PersonChange::number),
                texts(made, PersonChange::given),
                texts(made, PersonChange::family),
                texts(made, PersonChange::language),
                texts(made, PersonChange::entity));
    }

    private void alter(List<PersonChange> known) throws SQLException {
        List<PersonChange> altered =
                known.stream().filter(PersonChange::altersPerson).toList();
        if (!altered.isEmpty()) {
            write.update(
                    """
                    update person p set given_name = u.given, family_name = u.family, language = u.language, entity_id = e.id
                    from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[]) u(account, given, family, language, entity)
                        left join entity e on e.code = u.entity
                    where p.account_id = u.account
                    """,
                    ids(altered).toArray(UUID[]::new),
                    texts(altered, PersonChange::given),
                    texts(altered, PersonChange::family),
                    texts(altered, PersonChange::language),
                    texts(altered, PersonChange::entity));
        }
        if (!known.isEmpty()) {
            write.update(
                    """
                    update account a set display_name = u.name, state = u.state, changed = ?
                    from unnest(?::uuid[], ?::text[], ?::text[]) u(id, name, state)
                    where a.id = u.id and (a.display_name, a.state) is distinct from (u.name, u.state)
                    """,
                    write.time(),
                    ids(known).toArray(UUID[]::new),
                    texts(known, PersonChange::display),
                    texts(known, PersonChange::state));
        }
    }

    private boolean addresses(List<PersonChange> known) throws SQLException {
        List<PersonChange> moved =
                known.stream().filter(PersonChange::altersPrimary).toList();
        if (!moved.isEmpty()) {
            write.update(
                    "update address set role = 'former', since = ? where account_id = any(?) and role = 'primary'",
                    write.time(),
                    ids(moved).toArray(UUID[]::new));
        }
        List<PersonChange> primary = which(it -> it.before().isEmpty() || it.altersPrimary());
        boolean free = put(
                primary.stream()
                        .map(it -> new Given(it.primary(), accounts.get(it)))
                        .toList(),
                "primary");
        List<Given> aliases = changes.stream()
                .flatMap(it -> it.aliases().stream().map(alias -> new Given(alias, accounts.get(it))))
                .toList();
        return put(aliases, "alias") && free;
    }

    private record Given(String address, @Nullable UUID account) {}

    private boolean put(List<Given> given, String role) throws SQLException {
        return given.isEmpty()
                || Sql.update(
                                write.connection(),
                                """
                                insert into address(address, account_id, role, since)
                                select u.address, u.account, ?, ? from unnest(?::text[], ?::uuid[]) u(address, account)
                                where not exists (select from reserved_address r where r.digest = address_digest(u.address))
                                    and not exists (select from retired_address r where r.address = u.address)
                                on conflict (address) do update set role = excluded.role, since = excluded.since
                                    where address.account_id = excluded.account_id
                                """,
                                role,
                                write.time(),
                                given.stream().map(Given::address).toArray(String[]::new),
                                given.stream().map(Given::account).toArray(UUID[]::new))
                        == given.size();
    }

    private record Begun(@Nullable UUID person, HeldPosition position) {}

    private void assignments() throws SQLException {
        List<KnownPerson.Held> altered =
                changes.stream().flatMap(it -> it.altered().stream()).toList();
        List<KnownPerson.Held> never =
                altered.stream().filter(it -> it.starts().equals(it.ends())).toList();
        if (!never.isEmpty()) {
            write.update("delete from assignment where id = any(?)", (Object)
                    never.stream().map(KnownPerson.Held::id).toArray(UUID[]::new));
        }
        if (altered.size() > never.size()) {
            List<KnownPerson.Held> dated = altered.stream()
                    .filter(it -> !it.starts().equals(it.ends()))
                    .toList();
            write.update(
                    """
                    update assignment s set starts = u.starts, ends = u.ends
                    from unnest(?::uuid[], ?::timestamptz[], ?::timestamptz[]) u(id, starts, ends) where s.id = u.id
                    """,
                    dated.stream().map(KnownPerson.Held::id).toArray(UUID[]::new),
                    dated.stream().map(it -> it.starts().toString()).toArray(String[]::new),
                    moments(dated, KnownPerson.Held::ends));
        }
        List<Begun> begun = changes.stream()
                .flatMap(it -> it.begun().stream().map(each -> new Begun(people.get(it), each)))
                .toList();
        if (!begun.isEmpty()) {
            write.update(
                    """
                    insert into assignment(id, person_id, position_id, starts, ends, made)
                    select u.id, u.person, o.id, u.starts, u.ends, ?
                    from unnest(?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[], ?::timestamptz[])
                        u(id, person, position, starts, ends) join position o on o.code = u.position
                    """,
                    write.time(),
                    begun.stream().map(_ -> write.newId()).toArray(UUID[]::new),
                    begun.stream().map(Begun::person).toArray(UUID[]::new),
                    begun.stream().map(it -> it.position().code()).toArray(String[]::new),
                    moments(begun, it -> it.position().from()),
                    moments(begun, it -> it.position().until()));
        }
    }

    private void secrets() throws SQLException {
        List<PersonChange> secret = which(it -> !it.hash().isEmpty());
        if (!secret.isEmpty()) {
            write.update("""
                    insert into credential(account_id, hash, changed)
                    select u.account, u.hash, ? from unnest(?::uuid[], ?::text[]) u(account, hash) on conflict do nothing
                    """, write.time(), ids(secret).toArray(UUID[]::new), texts(secret, PersonChange::hash));
        }
    }

    private List<PersonChange> which(Predicate<PersonChange> wanted) {
        return changes.stream().filter(wanted).toList();
    }

    private List<UUID> ids(List<PersonChange> some) {
        return some.stream().map(it -> Objects.requireNonNull(accounts.get(it))).toList();
    }

    private static String[] texts(List<PersonChange> some, Function<PersonChange, String> column) {
        return some.stream().map(column).toArray(String[]::new);
    }

    private static <T> @Nullable String[] moments(List<T> some, Function<T, @Nullable Instant> moment) {
        @Nullable String[] texts = new @Nullable String[some.size()];
        for (int i = 0; i < texts.length; i++) {
            Instant at = moment.apply(some.get(i));
            texts[i] = at == null ? null : at.toString();
        }
        return texts;
    }
}
