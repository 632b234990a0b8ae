package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.postgres.GrantRows.Scope;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Sql;

/** Rights that are given and taken back. */
record GivenRows(Write write, Judge judge, Actor actor, StructureRows structure) {
    /**
     * Gives rights by a grant of the actor's own, not beyond its end.
     *
     * @throws ProvisioningRefused if the actor has not every right it gives, and the one to give, in one grant
     */
    Given grant(Grant grant) throws SQLException {
        @Nullable
        UUID entity = grant.entity().isPresent()
                ? structure.entityId(grant.holder(), grant.entity().get())
                : null;
        @Nullable UUID account = grant.holder() instanceof Grant.OfAccount(AccountId id) ? person(id) : null;
        @Nullable
        UUID position =
                grant.holder() instanceof Grant.OfPosition(PositionCode code) ? structure.positionId(code, code) : null;
        @Nullable Scope under = judge.giving(grant.rights(), entity);
        Instant from = grant.from().orElse(write.now());
        if (grant.until().isPresent() && !grant.until().get().isAfter(from)) {
            throw new ProvisioningRefused(
                    Reason.GRANT_ENDS_BEFORE, from, grant.until().get());
        }
        if (under != null
                && under.ends() != null
                && grant.until().isPresent()
                && grant.until().get().isAfter(under.ends().toInstant())) {
            throw new ProvisioningRefused(Reason.GRANT_TOO_LONG, under.ends().toInstant());
        }
        Given given = new Given(
                write.newId(),
                account == null
                        ? new Subject(
                                Subject.Kind.POSITION,
                                ((Grant.OfPosition) grant.holder()).position().value())
                        : new Subject(Subject.Kind.ACCOUNT, account.toString()),
                grant.rights(),
                grant.entity().map(EntityCode::value));
        OptionalInt most = grant.accountsMax();
        write.update(
                """
                insert into right_grant(id, account_id, position_id, rights, entity_id, accounts_max, starts, ends, under,
                    given_by, made)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                given.id(),
                account,
                position,
                grant.rights().stream().map(Right::word).sorted().toArray(String[]::new),
                entity,
                most.isPresent() ? most.getAsInt() : null,
                Times.of(from),
                grant.until().map(Times::of).orElse(null),
                under == null ? null : under.grant(),
                actor.text(),
                write.time());
        return given;
    }

    /** Takes back a grant and all that was given by it; absent, it was over. The actor holds it, or could give it. */
    Optional<Given> revoke(UUID id) throws SQLException {
        Row row = Sql.first(
                        write.connection(),
                        each -> new Row(
                                new Given(
                                        id,
                                        Subject.Kind.valueOf(each.getString(1)),
                                        each.getString(2),
                                        GrantRows.rights(each.getArray(3)),
                                        Optional.ofNullable(each.getString(4))),
                                each.getObject(5, UUID.class)),
                        """
                        select case when g.account_id is null then 'POSITION' else 'ACCOUNT' end,
                            coalesce(p.code, g.account_id::text), g.rights, e.code, g.entity_id
                        from right_grant g left join position p on p.id = g.position_id left join entity e on e.id = g.entity_id
                        where g.id = ?
                        """,
                        id)
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_GRANT, id));
        boolean own = actor instanceof Actor.Account(UUID holder)
                && row.given().holder().equals(new Subject(Subject.Kind.ACCOUNT, holder.toString()));
        if (!own) {
            judge.giving(row.given().rights(), row.entity());
        }
        boolean changed =
                write.update("update right_grant set revoked = ? where id = ? and revoked is null", write.time(), id);
        return changed ? Optional.of(row.given()) : Optional.empty();
    }

    private UUID person(AccountId account) throws SQLException {
        return write.id("select account_id from person where account_id = ?", account.value())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, account));
    }

    /**
     * Rights in a part of the State.
     *
     * @param entity the part's code; absent, the whole State
     */
    record Given(UUID id, Subject holder, Set<Right> rights, Optional<String> entity) {
        Given {
            rights = Set.copyOf(rights);
        }

        Given(UUID id, Subject.Kind kind, String holder, Set<Right> rights, Optional<String> entity) {
            this(id, new Subject(kind, holder), rights, entity);
        }

        /** As the audit trail has it: {@code 0199…=people,state@energie}. */
        String text() {
            return id + "=" + rights.stream().map(Right::word).sorted().collect(Collectors.joining(","))
                    + entity.map(code -> "@" + code).orElse("");
        }
    }

    private record Row(Given given, @Nullable UUID entity) {}
}
