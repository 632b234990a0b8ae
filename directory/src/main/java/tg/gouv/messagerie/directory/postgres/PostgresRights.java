package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.postgres.GrantRows.Scope;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Rights as the schema {@code directory} has them now; nothing is cached. */
final class PostgresRights implements Rights {
    private static final int GRANTS_MAX = 1_000;

    /** An instant at which whatever was given has begun. */
    private static final OffsetDateTime END_OF_TIME = OffsetDateTime.parse("9999-12-31T00:00:00Z");

    /** Some grants, as {@link #listed} reads them; which ones is put in. */
    private static final String LISTED = """
            select g.id, case when g.account_id is null then 'position:' || p.code else 'account:' || g.account_id end,
                g.rights, e.code, g.accounts_max, g.starts, g.ends, g.given_by,
                coalesce(p.title, a.display_name), d.address, e.name,
                case when g.accounts_max is not null then ACCOUNTS end, giver.display_name
            from right_grant g left join position p on p.id = g.position_id left join entity e on e.id = g.entity_id
                left join account a on a.id = g.account_id
                left join address d on d.account_id = a.id and d.role = 'primary'
                left join account giver
                    on giver.id = case when g.given_by like 'account:%%' then substr(g.given_by, 9)::uuid end
            where %s and (?::boolean or g.entity_id = any(?)) and SERVES order by g.id limit ?
            """.replace("ACCOUNTS", Judge.ACCOUNTS).replace("SERVES", GrantRows.SERVES);

    private final Connections connections;
    private final InstantSource clock;
    private final AuditTrail trail;

    PostgresRights(Connections connections, InstantSource clock, AuditTrail trail) {
        this.connections = connections;
        this.clock = clock;
        this.trail = trail;
    }

    @Override
    public void demand(Right right, Place object) {
        Actor actor = Circumstances.current(clock).actor();
        if (!Judge.trusts(actor)
                && !(actor instanceof Actor.Account(UUID id) && may(new AccountId(id), right, object))) {
            throw counted(refused(right, object));
        }
    }

    /** Names the part, as a judge does. */
    private ProvisioningRefused refused(Right right, Place object) {
        return connections
                .autoCommit(c -> {
                    Optional<Entity> where = where(c, object);
                    @Nullable UUID entity = where.isPresent() ? where.get().id() : null;
                    return Sql.first(c, row -> row.getString(1), "select code from entity where id = ?", entity);
                })
                .map(code -> new ProvisioningRefused(ProvisioningRefused.Reason.NO_RIGHT, right.word(), code))
                .orElseGet(
                        () -> new ProvisioningRefused(ProvisioningRefused.Reason.NO_RIGHT_IN_THE_STATE, right.word()));
    }

    /** Tells the trail of a refusal. */
    private ProvisioningRefused counted(ProvisioningRefused refused) {
        trail.count(new AuditEvent.Refusal(Circumstances.current(clock), PostgresProvisioning.refusedIn(refused)));
        return refused;
    }

    @Override
    public Map<UUID, Budget> budgets(AccountId principal) {
        return connections.autoCommit(c -> {
            Map<UUID, Budget> budgets = new HashMap<>();
            for (Scope scope : GrantRows.heldBy(c, principal.value(), now())) {
                @Nullable UUID entity = scope.entity();
                if (entity != null) {
                    budget(c, scope.grant(), entity).ifPresent(it -> budgets.put(scope.grant(), it));
                }
            }
            return budgets;
        });
    }

    /** Of a grant that has one. */
    private Optional<Budget> budget(Connection c, UUID grant, UUID entity) throws SQLException {
        Optional<Integer> accounts = Sql.first(
                c,
                row -> row.getInt(1),
                "select " + Judge.ACCOUNTS + " from right_grant g where g.id = ? and g.accounts_max is not null",
                grant);
        if (accounts.isEmpty()) {
            return Optional.empty();
        }
        return Sql.first(
                c,
                row -> new Budget(accounts.get(), Math.max(0, row.getInt(1))),
                "select min(g.accounts_max - " + Judge.ACCOUNTS + ") from right_grant g where " + Judge.BINDS,
                Tree.above(c, entity).toArray(UUID[]::new),
                now());
    }

    @Override
    public boolean may(AccountId principal, Right right, Place object) {
        return connections.autoCommit(c -> {
            List<Scope> scopes = GrantRows.heldBy(c, principal.value(), now()).stream()
                    .filter(scope -> scope.rights().contains(right))
                    .toList();
            return !scopes.isEmpty() && covered(c, scopes, object);
        });
    }

    private static boolean covered(Connection c, List<Scope> scopes, Place object) throws SQLException {
        Optional<Entity> where = where(c, object);
        if (where.isEmpty()) {
            return false;
        }
        if (scopes.stream().anyMatch(scope -> scope.entity() == null)) {
            return true;
        }
        @Nullable UUID entity = where.get().id();
        return entity != null
                && Tree.above(c, entity).stream()
                        .anyMatch(each -> scopes.stream().anyMatch(scope -> each.equals(scope.entity())));
    }

    /** Absent if the object is not there. */
    private static Optional<Entity> where(Connection c, Place object) throws SQLException {
        return switch (object) {
            case Place.WholeState() -> Optional.of(new Entity(null));
            case Place.OfEntity(EntityCode code) ->
                Sql.first(c, Entity::read, "select id from entity where code = ?", code.value());
            case Place.OfPosition(PositionCode code) ->
                Sql.first(c, Entity::read, "select entity_id from position where code = ?", code.value());
            case Place.OfAccount(AccountId id) ->
                Sql.first(c, Entity::read, "select entity_id from account_place where account_id = ?", id.value());
        };
    }

    @Override
    public List<Given> heldBy(AccountId principal) {
        return connections.autoCommit(c -> {
            UUID[] serving = GrantRows.heldBy(c, principal.value(), now()).stream()
                    .map(Scope::grant)
                    .toArray(UUID[]::new);
            return Sql.query(
                    c,
                    row -> new Given(
                            row.getObject(1, UUID.class),
                            row.getString(2),
                            GrantRows.rights(row.getArray(3)),
                            Optional.ofNullable(row.getString(4)),
                            row.getObject(5) == null ? OptionalInt.empty() : OptionalInt.of(row.getInt(5)),
                            Times.read(row, 6).orElseThrow(),
                            Times.read(row, 7),
                            row.getString(8)),
                    """
                    select g.id, case when g.account_id is null then 'position:' || p.code else 'account:' || g.account_id end,
                        g.rights, e.code, g.accounts_max, g.starts, g.ends, g.given_by
                    from right_grant g left join position p on p.id = g.position_id left join entity e on e.id = g.entity_id
                    where g.id = any(?) order by g.id
                    """,
                    (Object) serving);
        });
    }

    @Override
    public List<Listed> givenWhere(AccountId principal, Optional<UUID> after, int most) {
        return listed(principal, "g.id > ?", after.orElse(new UUID(0, 0)), most);
    }

    @Override
    public Optional<Listed> givenWhere(AccountId principal, UUID grant) {
        return listed(principal, "g.id = ?", grant, 1).stream().findFirst();
    }

    private List<Listed> listed(AccountId principal, String which, UUID grant, int most) {
        return connections.autoCommit(c -> {
            PartOf part = PartOf.where(
                    c, principal.value(), now(), scope -> scope.rights().contains(Right.GRANT));
            return Sql.query(
                    c,
                    PostgresRights::listed,
                    LISTED.formatted(which),
                    grant,
                    part.isEverywhere(),
                    part.ids(),
                    END_OF_TIME,
                    now(),
                    now(),
                    Math.clamp(most, 1, GRANTS_MAX));
        });
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                new Given(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        GrantRows.rights(row.getArray(3)),
                        Optional.ofNullable(row.getString(4)),
                        number(row, 5),
                        Times.read(row, 6).orElseThrow(),
                        Times.read(row, 7),
                        row.getString(8)),
                row.getString(9),
                Optional.ofNullable(row.getString(10)).map(MailAddress::of),
                Optional.ofNullable(row.getString(11)),
                number(row, 12),
                Optional.ofNullable(row.getString(13)));
    }

    private static OptionalInt number(ResultSet row, int column) throws SQLException {
        int number = row.getInt(column);
        return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private OffsetDateTime now() {
        return Times.of(clock.instant());
    }

    /** Where something is; null: in no entity. */
    private record Entity(@Nullable UUID id) {
        static Entity read(ResultSet row) throws SQLException {
            return new Entity(row.getObject(1, UUID.class));
        }
    }
}
