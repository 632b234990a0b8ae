package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.postgres.GrantRows.Scope;
import tg.gouv.messagerie.directory.provisioning.EntityIndex;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Entities of the table {@code entity}: some thousand, so their names are read through. */
record PostgresEntityIndex(Connections connections, InstantSource clock) implements EntityIndex {
    @Override
    public List<Found> find(Right right, String text, Optional<EntityCode> after, int most) {
        String sought = text.strip();
        if (sought.length() > TEXT_MAX || sought.codePoints().anyMatch(PostgresEntityIndex::isNoSign)) {
            throw new ProvisioningRefused(Reason.NOTHING_SOUGHT, TEXT_MAX);
        }
        return connections.autoCommit(c -> {
            List<Scope> scopes = scopes(c, right);
            boolean everywhere = Judge.trusts(Circumstances.current(clock).actor())
                    || scopes.stream().anyMatch(it -> it.entity() == null);
            UUID[] roots =
                    scopes.stream().map(Scope::entity).filter(Objects::nonNull).toArray(UUID[]::new);
            return Sql.query(
                    c,
                    row -> new Found(
                            new EntityCode(row.getString(1)), row.getString(2), Optional.ofNullable(row.getString(3))),
                    """
                    with recursive part(id) as (
                        select id from entity where id = any(?::uuid[])
                        union select e.id from entity e join part on e.parent_id = part.id)
                    select e.code, e.name, up.name from entity e left join entity up on up.id = e.parent_id
                    where (?::boolean or e.id in (select id from part))
                        and (? = '' or find_words(find_fold(e.name || ' ' || e.code)) @@ find_query(?)::tsquery)
                        and (?::text is null
                            or (find_fold(e.name), e.code) > (select find_fold(l.name), l.code from entity l where l.code = ?))
                    order by find_fold(e.name), e.code limit ?
                    """,
                    roots,
                    everywhere,
                    sought,
                    sought,
                    after.map(EntityCode::value).orElse(null),
                    after.map(EntityCode::value).orElse(null),
                    Math.clamp(most, 1, Register.PAGE_MAX));
        });
    }

    private static boolean isNoSign(int each) {
        return Character.getType(each) == Character.SURROGATE
                || (Character.isISOControl(each) && !Character.isWhitespace(each));
    }

    private List<Scope> scopes(Connection c, Right right) throws SQLException {
        return Circumstances.current(clock).actor() instanceof Actor.Account(UUID id)
                ? GrantRows.heldBy(c, id, Times.of(clock.instant())).stream()
                        .filter(it -> it.rights().contains(right))
                        .toList()
                : List.of();
    }
}
