package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.imports.AddressProposals;
import tg.gouv.messagerie.directory.imports.AddressRule;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Address rules as the schema {@code directory} has them now. */
final class PostgresAddressProposals implements AddressProposals {
    private static final String UP = """
            with recursive up(id, parent_id, distance) as (
                select id, parent_id, 0 from entity where code = ?
                union all select e.id, e.parent_id, up.distance + 1 from entity e join up on e.id = up.parent_id)
            """;

    private final Connections connections;

    PostgresAddressProposals(Connections connections) {
        this.connections = connections;
    }

    @Override
    public Optional<MailAddress> propose(PersonName name, EntityCode entity) {
        return connections
                .autoCommit(c -> rule(c, entity))
                .flatMap(rule -> rule.address(name.given(), name.family(), this::isTaken));
    }

    private static Optional<AddressRule> rule(Connection c, EntityCode entity) throws SQLException {
        return Sql.first(
                c, row -> AddressRule.parse(row.getString(1)), UP + """
                select rule from (
                    select 0 as kind, up.distance, r.rule from up join address_rule r on r.entity_id = up.id
                    union all select 1, up.distance, ? || min(d.name) from up join domain d on d.entity_id = up.id
                        group by up.distance having count(*) = 1
                    union all select 2, 0, ? || min(name) from domain where entity_id is null having count(*) = 1) way
                order by kind, distance limit 1
                """, entity.value(), USUAL + "@", USUAL + "@");
    }

    private boolean isTaken(MailAddress address) {
        return connections
                .autoCommit(
                        c -> Sql.first(c, row -> true, """
                        select from address where address = ?
                        union all select from retired_address where address = ?
                        union all select from reserved_address where digest = address_digest(?)
                        limit 1
                        """, address.toString(), address.toString(), address.toString()))
                .isPresent();
    }
}
