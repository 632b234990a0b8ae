package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.postgres.GrantRows.Scope;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * An act is judged in its transaction, under the lock that all acts take, so what was judged is still so when it commits.
 *
 * It is not enough to have a right where the act takes place: who gives a password to a minister reads the minister's mail, who puts
 * a friend into a position has what comes with it. So an act is allowed only to who has already every right that its effect gives or
 * exposes, to whomever. That holds for sequences too: no series of allowed acts reaches what the actor could not reach before, since
 * none of them does (FocalPointsTest).
 */
/** Whether the actor of the current transaction may do what it does. The program itself and operators of the machine may. */
final class Judge {
    /** Whether the grant {@code g} binds who makes people in one of some entities: two parameters, the entities and now. */
    static final String BINDS = "g.entity_id = any(?) and g.accounts_max is not null and g.revoked is null"
            + " and (g.ends is null or g.ends > ?)";

    /** How many accounts there are in the part of the grant {@code g}. */
    static final String ACCOUNTS = """
            (with recursive part(id) as (
                select g.entity_id union select e.id from entity e join part on e.parent_id = part.id)
            select coalesce(sum(n.accounts), 0) from part join entity_accounts n on n.entity_id = part.id)""";

    private final Write write;
    private final Actor actor;

    /** By entity, itself and those above it; what an act moves is forgotten. */
    private final Map<UUID, Set<UUID>> above = new HashMap<>();

    private @Nullable List<Scope> held;

    Judge(Write write, Actor actor) {
        this.write = write;
        this.actor = actor;
    }

    private boolean trusts() {
        return trusts(actor);
    }

    /** Whether everything is allowed to this actor. */
    static boolean trusts(Actor actor) {
        return switch (actor) {
            case Actor.Program _, Actor.SystemUser _ -> true;
            case Actor.Account _, Actor.Nobody _ -> false;
        };
    }

    /**
     * The actor has a right in an entity.
     *
     * @param entity null for what belongs to none
     */
    void demand(Right right, @Nullable UUID entity) throws SQLException {
        if (!trusts() && !has(right, entity)) {
            throw refused(right, entity);
        }
    }

    /** The actor has a right where an account is. */
    void demandAt(Right right, UUID account) throws SQLException {
        if (!trusts()) {
            demand(right, placeOf(account));
        }
    }

    /** Something is to go from one entity into another: there may be others who have rights in the second and not in the first. */
    void move(Right right, @Nullable UUID from, @Nullable UUID to) throws SQLException {
        if (trusts()) {
            return;
        }
        demand(right, from);
        demand(right, to);
        if (to != null) {
            Set<UUID> reached = above(to);
            Set<UUID> before = from == null ? Set.of() : above(from);
            List<UUID> newly =
                    reached.stream().filter(entity -> !before.contains(entity)).toList();
            for (Scope scope : GrantRows.in(write.connection(), newly, write.time())) {
                demandAll(scope.rights(), from);
            }
        }
    }

    /** The actor may give an account another way to sign in. Its own is no exception: that asks for the secret it had, not for a right. */
    void credentials(UUID account) throws SQLException {
        demandAt(Right.CREDENTIALS, account);
        dominate(account);
    }

    /** Who acts now does it to their own account, or may give it another way to sign in. */
    static void ownOrCredentials(Connection connection, AccountId account, InstantSource clock, Uuid7 ids)
            throws SQLException {
        Actor actor = Circumstances.current(clock).actor();
        if (!trusts(actor) && !actor.equals(new Actor.Account(account.value()))) {
            Write write = new Write(connection, clock.instant().truncatedTo(ChronoUnit.MICROS), ids);
            write.begin();
            new Judge(write, actor).credentials(account.value());
        }
    }

    /** The actor has whatever opens with this account: its rights, its positions' and their function mailboxes. */
    void dominate(UUID account) throws SQLException {
        if (trusts()) {
            return;
        }
        for (Scope scope : GrantRows.of(write.connection(), account, write.time())) {
            demandAll(scope.rights(), scope.entity());
        }
        demandMailboxes("""
                select way.account_id from person p
                join assignment held on held.person_id = p.id and (held.ends is null or held.ends > ?)
                join (
                    select position_id, account_id from function_mailbox where position_id is not null
                    union all select position_id, account_id from function_holder
                ) way on way.position_id = held.position_id
                where p.account_id = ?
                """, write.time(), account);
    }

    /** The actor has whatever comes with this position: its rights and its function mailboxes. */
    void dominatePosition(UUID position) throws SQLException {
        if (trusts()) {
            return;
        }
        for (Scope scope : GrantRows.ofPosition(write.connection(), position, write.time())) {
            demandAll(scope.rights(), scope.entity());
        }
        demandMailboxes("""
                select account_id from function_mailbox where position_id = ?
                union all select account_id from function_holder where position_id = ?
                """, position, position);
    }

    /** The actor has these rights in a part. */
    void demandAll(Set<Right> rights, @Nullable UUID entity) throws SQLException {
        for (Right right : rights) {
            demand(right, entity);
        }
    }

    /**
     * The grant by which the actor gives these rights in a part: it has them all, and the right to give, in one grant.
     *
     * @return null if an operator gives them
     */
    @Nullable
    Scope giving(Set<Right> rights, @Nullable UUID entity) throws SQLException {
        if (trusts()) {
            return null;
        }
        Set<Right> needed = EnumSet.copyOf(rights);
        needed.add(Right.GRANT);
        Scope found = null;
        for (Scope scope : held()) {
            if (scope.rights().containsAll(needed)
                    && covers(scope, entity)
                    && (found == null || longer(scope, found))) {
                found = scope;
            }
        }
        if (found == null) {
            throw refused(Right.GRANT, entity);
        }
        return found;
    }

    /** After an act that may have brought accounts into an entity: nobody's budget is exceeded who administers it. */
    void budgets(@Nullable UUID entity) throws SQLException {
        if (trusts() || entity == null) {
            return;
        }
        Optional<UUID> exceeded = write.id(
                "select g.entity_id from right_grant g where " + BINDS + " and g.accounts_max < " + ACCOUNTS
                        + " limit 1",
                above(entity).toArray(UUID[]::new),
                write.time());
        if (exceeded.isPresent()) {
            throw new ProvisioningRefused(Reason.BUDGET_SPENT, code(exceeded.get()));
        }
    }

    /** The tree, or what the actor has, is another from now on. */
    void forget() {
        above.clear();
        held = null;
    }

    /** The entity in which an account is. */
    @Nullable
    UUID placeOf(UUID account) throws SQLException {
        return write.id("select entity_id from account_place where account_id = ? and entity_id is not null", account)
                .orElse(null);
    }

    /** With each of three rights there is a way into a function mailbox, so who has one is given nothing by another way. */
    private void demandMailboxes(String accounts, Object... parameters) throws SQLException {
        for (Optional<UUID> each : Sql.query(
                write.connection(),
                row -> Optional.ofNullable(row.getObject(1, UUID.class)),
                "select distinct entity_id from account_place where account_id in (" + accounts + ")",
                parameters)) {
            @Nullable UUID place = each.orElse(null);
            if (!has(Right.FUNCTION_MAILBOXES, place) && !has(Right.ASSIGN, place)) {
                demand(Right.CREDENTIALS, place);
            }
        }
    }

    private boolean has(Right right, @Nullable UUID entity) throws SQLException {
        for (Scope scope : held()) {
            if (scope.rights().contains(right) && covers(scope, entity)) {
                return true;
            }
        }
        return false;
    }

    private boolean covers(Scope scope, @Nullable UUID entity) throws SQLException {
        return scope.entity() == null || (entity != null && above(entity).contains(scope.entity()));
    }

    private static boolean longer(Scope one, Scope other) {
        return other.ends() != null && (one.ends() == null || one.ends().isAfter(other.ends()));
    }

    private List<Scope> held() throws SQLException {
        List<Scope> known = held;
        if (known == null) {
            known = actor instanceof Actor.Account(UUID id)
                    ? GrantRows.heldBy(write.connection(), id, write.time())
                    : List.of();
            held = known;
        }
        return known;
    }

    private Set<UUID> above(UUID entity) throws SQLException {
        Set<UUID> known = above.get(entity);
        if (known == null) {
            known = Set.copyOf(Tree.above(write.connection(), entity));
            above.put(entity, known);
        }
        return known;
    }

    private ProvisioningRefused refused(Right right, @Nullable UUID entity) throws SQLException {
        return entity == null
                ? new ProvisioningRefused(Reason.NO_RIGHT_IN_THE_STATE, right.word())
                : new ProvisioningRefused(Reason.NO_RIGHT, right.word(), code(entity));
    }

    private String code(UUID entity) throws SQLException {
        return Sql.first(write.connection(), row -> row.getString(1), "select code from entity where id = ?", entity)
                .orElseThrow();
    }
}
