package tg.gouv.messagerie.directory.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.imports.KnownPerson;
import tg.gouv.messagerie.directory.imports.Permits;
import tg.gouv.messagerie.directory.imports.PersonChange;
import tg.gouv.messagerie.directory.imports.PersonColumn;
import tg.gouv.messagerie.directory.imports.Problem;
import tg.gouv.messagerie.directory.postgres.GrantRows.Scope;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * A row is judged as the acts that it is made of (Judge): who may change a person, move them, put them into positions, open or suspend
 * their account, give them a password. Whatever that takes of the tables is asked once for all rows, a dozen questions however many they
 * are; then rows are judged in memory. In the transaction that writes them, under the lock of acts, they are judged again.
 */
/** What the actor of an import may change, row by row. */
final class ImportJudge implements Permits {
    private final Write write;
    private final List<Scope> held;
    private final Map<String, UUID> entities = new HashMap<>();
    private final Map<UUID, String> codes = new HashMap<>();
    private final Map<UUID, UUID> parents = new HashMap<>();
    private final Map<UUID, Set<UUID>> above = new HashMap<>();
    private final Map<String, Place> positions = new HashMap<>();
    private final Map<UUID, List<Scope>> ofPositions;
    private final Map<UUID, List<Scope>> ofAccounts;
    private final Map<UUID, List<Scope>> inEntities;
    private final Map<UUID, Set<Optional<UUID>>> mailboxesOfPositions;
    private final Map<UUID, Set<Optional<UUID>>> mailboxesOfAccounts;
    private final Map<UUID, Budget> budgets = new LinkedHashMap<>();

    /** Whose a domain is, where it is an entity's. */
    private final Map<String, UUID> domains = new HashMap<>();

    private record Place(UUID id, UUID entity) {}

    private static final class Budget {
        private final UUID entity;
        private final long most;
        private long accounts;

        Budget(ResultSet row) throws SQLException {
            this.entity = row.getObject(2, UUID.class);
            this.most = row.getLong(3);
            this.accounts = row.getLong(4);
        }
    }

    /** A right that is missing. */
    private static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Refusal refusal;

        Missing(Refusal refusal) {
            super(refusal.value(), null, false, false);
            this.refusal = refusal;
        }
    }

    private ImportJudge(Write write, UUID actor, Collection<PersonChange> changes) throws SQLException {
        this.write = write;
        this.held = GrantRows.heldBy(write.connection(), actor, write.time());
        Sql.query(
                write.connection(),
                row -> {
                    UUID id = row.getObject(1, UUID.class);
                    entities.put(row.getString(2), id);
                    codes.put(id, row.getString(2));
                    if (row.getObject(3, UUID.class) != null) {
                        parents.put(id, row.getObject(3, UUID.class));
                    }
                    return id;
                },
                "select id, code, parent_id from entity");
        Sql.query(
                write.connection(),
                row -> domains.put(row.getString(1), row.getObject(2, UUID.class)),
                "select name, entity_id from domain where entity_id is not null");
        Set<String> named = new HashSet<>();
        Set<UUID> accounts = new HashSet<>();
        for (PersonChange each : changes) {
            each.begun().forEach(it -> named.add(it.code()));
            each.altered().forEach(it -> named.add(it.code()));
            each.before().map(KnownPerson::account).ifPresent(accounts::add);
        }
        Sql.query(
                write.connection(),
                row -> positions.put(
                        row.getString(1), new Place(row.getObject(2, UUID.class), row.getObject(3, UUID.class))),
                "select code, id, entity_id from position where code = any(?)",
                (Object) named.toArray(String[]::new));
        UUID[] positionIds = positions.values().stream().map(Place::id).toArray(UUID[]::new);
        UUID[] accountIds = accounts.toArray(UUID[]::new);
        this.ofPositions = GrantRows.ofPositions(write.connection(), positionIds, write.time());
        this.ofAccounts = GrantRows.ofAccounts(write.connection(), accountIds, write.time());
        this.inEntities = GrantRows.inEveryEntity(write.connection(), write.time());
        this.mailboxesOfPositions = mailboxes("""
                select way.position_id, place.entity_id from (
                    select position_id, account_id from function_mailbox where position_id is not null
                    union all select position_id, account_id from function_holder
                ) way join account_place place on place.account_id = way.account_id where way.position_id = any(?)
                """, (Object) positionIds);
        this.mailboxesOfAccounts = mailboxes("""
                select p.account_id, place.entity_id from person p
                join assignment held on held.person_id = p.id and (held.ends is null or held.ends > ?)
                join (
                    select position_id, account_id from function_mailbox where position_id is not null
                    union all select position_id, account_id from function_holder
                ) way on way.position_id = held.position_id
                join account_place place on place.account_id = way.account_id
                where p.account_id = any(?)
                """, write.time(), accountIds);
        Sql.query(
                write.connection(),
                row -> budgets.put(row.getObject(1, UUID.class), new Budget(row)),
                """
                select g.id, g.entity_id, g.accounts_max, (
                    with recursive part(id) as (
                        select g.entity_id union select e.id from entity e join part on e.parent_id = part.id)
                    select count(*) from part join person p on p.entity_id = part.id
                        join account a on a.id = p.account_id and a.state <> 'closed')
                from right_grant g
                where g.entity_id is not null and g.accounts_max is not null and g.revoked is null
                    and (g.ends is null or g.ends > ?)
                """,
                write.time());
    }

    /** What the actor may of these changes: as a new look at the tables tells. */
    static Permits of(Write write, Actor actor, Collection<PersonChange> changes) throws SQLException {
        return switch (actor) {
            case Actor.Program _, Actor.SystemUser _ -> Permits.ALL;
            case Actor.Account(UUID id) -> new ImportJudge(write, id, changes);
            case Actor.Nobody _ -> throw new IllegalStateException("nobody imports");
        };
    }

    @Override
    public boolean sees(String entity) {
        return has(Right.LOOK, entities.get(entity));
    }

    @Override
    public Optional<Refusal> refusal(PersonChange change) {
        try {
            person(change);
            addresses(change);
            positions(change);
            account(change);
            budgets(change);
            return Optional.empty();
        } catch (Missing e) {
            return Optional.of(e.refusal);
        }
    }

    /** As PeopleRows.person judges. */
    private void person(PersonChange change) throws Missing {
        @Nullable UUID after = entities.get(change.entity());
        if (change.before().isEmpty()) {
            demand(Right.PEOPLE, after, PersonColumn.ENTITY);
            return;
        }
        if (change.altersPerson() || change.altersPrimary() || !change.aliases().isEmpty()) {
            @Nullable UUID before = entities.get(change.before().get().entity());
            demand(Right.PEOPLE, before, PersonColumn.NUMBER);
            if (!Objects.equals(before, after)) {
                move(before, after);
            }
        }
    }

    /** As AuditedRows.alias and AccountRows judge: who gives an address has what the account has, and the right where its domain is. */
    private void addresses(PersonChange change) throws Missing {
        if (!change.aliases().isEmpty()) {
            dominate(change, PersonColumn.ALIASES);
        }
        Set<String> had = change.before().map(it -> it.addresses().keySet()).orElse(Set.of());
        domain(change.primary(), had, PersonColumn.ADDRESS);
        for (String alias : change.aliases()) {
            domain(alias, had, PersonColumn.ALIASES);
        }
    }

    private void domain(String address, Set<String> had, PersonColumn column) throws Missing {
        @Nullable UUID entity = domains.get(address.substring(address.indexOf('@') + 1));
        if (entity != null && !had.contains(address)) {
            demand(Right.PEOPLE, entity, column);
        }
    }

    /** As Judge.move: who has rights where the person comes is given them over the person. */
    private void move(@Nullable UUID from, @Nullable UUID to) throws Missing {
        demand(Right.PEOPLE, to, PersonColumn.ENTITY);
        Set<UUID> newly = new HashSet<>(above(to));
        newly.removeAll(above(from));
        for (UUID entity : newly) {
            for (Scope scope : inEntities.getOrDefault(entity, List.of())) {
                demandAll(scope.rights(), from, PersonColumn.ENTITY);
            }
        }
    }

    /** As PeopleRows.assignment judges: each position that begins, ends or gets other dates. */
    private void positions(PersonChange change) throws Missing {
        List<String> all = new ArrayList<>();
        change.begun().forEach(it -> all.add(it.code()));
        change.altered().forEach(it -> all.add(it.code()));
        for (String code : all) {
            Place position = positions.get(code);
            if (position == null) {
                throw new Missing(new Refusal(Problem.Kind.UNKNOWN_POSITION, PersonColumn.POSITIONS, code, ""));
            }
            demand(Right.ASSIGN, position.entity(), PersonColumn.POSITIONS);
            dominate(
                    ofPositions.getOrDefault(position.id(), List.of()),
                    mailboxesOfPositions.getOrDefault(position.id(), Set.of()),
                    PersonColumn.POSITIONS);
        }
    }

    /** As AuditedRows.state and Judge.credentials: who opens an account, or gives it a password, has what opens with it. */
    private void account(PersonChange change) throws Missing {
        @Nullable UUID place = entities.get(change.entity());
        boolean isNew = change.before().isEmpty();
        boolean opens = change.state().equals("created") || change.state().equals("active");
        if (change.altersState() || (isNew && !opens)) {
            demand(Right.STATE, place, PersonColumn.STATE);
            dominate(change, PersonColumn.STATE);
        }
        if (!change.hash().isEmpty()) {
            demand(Right.CREDENTIALS, place, PersonColumn.HASH);
            dominate(change, PersonColumn.HASH);
        }
    }

    private void dominate(PersonChange change, PersonColumn column) throws Missing {
        if (change.before().isPresent()) {
            UUID account = change.before().get().account();
            dominate(
                    ofAccounts.getOrDefault(account, List.of()),
                    mailboxesOfAccounts.getOrDefault(account, Set.of()),
                    column);
        }
    }

    private void dominate(List<Scope> scopes, Set<Optional<UUID>> mailboxes, PersonColumn column) throws Missing {
        for (Scope scope : scopes) {
            demandAll(scope.rights(), scope.entity(), column);
        }
        for (Optional<UUID> each : mailboxes) {
            @Nullable UUID place = each.orElse(null);
            if (!has(Right.FUNCTION_MAILBOXES, place) && !has(Right.ASSIGN, place)) {
                demand(Right.CREDENTIALS, place, column);
            }
        }
    }

    /** As Judge.budgets: nobody's budget is exceeded who administers the entity; the last thing that is judged, for it counts. */
    private void budgets(PersonChange change) throws Missing {
        boolean isNew = change.before().isEmpty();
        if (!isNew && !change.altersPerson() && !change.altersPrimary() && !change.altersState()) {
            return;
        }
        Set<UUID> after = change.state().equals("closed") ? Set.of() : above(entities.get(change.entity()));
        Set<UUID> before = change.before()
                .filter(it -> !it.state().equals("closed"))
                .map(it -> above(entities.get(it.entity())))
                .orElse(Set.of());
        for (Budget each : budgets.values()) {
            boolean comes = after.contains(each.entity) && !before.contains(each.entity);
            if (after.contains(each.entity) && each.accounts + (comes ? 1 : 0) > each.most) {
                throw new Missing(new Refusal(
                        Problem.Kind.BUDGET_SPENT, PersonColumn.ENTITY, codes.getOrDefault(each.entity, ""), ""));
            }
        }
        for (Budget each : budgets.values()) {
            each.accounts += (after.contains(each.entity) ? 1 : 0) - (before.contains(each.entity) ? 1 : 0);
        }
    }

    private void demandAll(Set<Right> rights, @Nullable UUID entity, PersonColumn column) throws Missing {
        for (Right right : rights) {
            demand(right, entity, column);
        }
    }

    private void demand(Right right, @Nullable UUID entity, PersonColumn column) throws Missing {
        if (!has(right, entity)) {
            throw new Missing(new Refusal(
                    entity == null ? Problem.Kind.NO_RIGHT_IN_THE_STATE : Problem.Kind.NO_RIGHT,
                    column,
                    right.word(),
                    entity == null ? "" : codes.getOrDefault(entity, "")));
        }
    }

    private boolean has(Right right, @Nullable UUID entity) {
        return held.stream()
                .anyMatch(scope -> scope.rights().contains(right)
                        && (scope.entity() == null || above(entity).contains(scope.entity())));
    }

    /** An entity and those above it. */
    private Set<UUID> above(@Nullable UUID entity) {
        if (entity == null) {
            return Set.of();
        }
        return above.computeIfAbsent(entity, start -> {
            Set<UUID> all = new HashSet<>();
            for (@Nullable UUID at = start; at != null && all.add(at); at = parents.get(at)) {
                // add does it
            }
            return all;
        });
    }

    private Map<UUID, Set<Optional<UUID>>> mailboxes(String question, Object... parameters) throws SQLException {
        Map<UUID, Set<Optional<UUID>>> all = new HashMap<>();
        Sql.query(
                write.connection(),
                row -> all.computeIfAbsent(row.getObject(1, UUID.class), _ -> new HashSet<>())
                        .add(Optional.ofNullable(row.getObject(2, UUID.class))),
                question,
                parameters);
        return all;
    }
}
