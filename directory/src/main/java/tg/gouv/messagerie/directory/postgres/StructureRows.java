package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.imports.AddressRule;
import tg.gouv.messagerie.directory.provisioning.Domain;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.database.Sql;

/** Domains, entities and positions. Each act tells whether it changed something. */
record StructureRows(Write write, Judge judge) {
    boolean domain(String name) throws SQLException {
        String domain = MailAddress.parse("postmaster@" + name)
                .map(MailAddress::domain)
                .orElseThrow(() -> new ProvisioningRefused(Reason.BAD_DOMAIN, name));
        judge.demand(Right.STRUCTURE, null);
        return write.update(
                "insert into domain(name, made) values (?, ?) on conflict do nothing", domain, write.time());
    }

    /** Makes the mail of a domain ours, or the domain another entity's. */
    boolean domain(Domain domain) throws SQLException {
        @Nullable
        UUID entity = domain.entity().isPresent()
                ? entityId(domain.name(), domain.entity().get())
                : null;
        boolean made = domain(domain.name());
        return write.update(
                        "update domain set entity_id = ? where name = ? and entity_id is distinct from ?",
                        entity,
                        domain.name(),
                        entity)
                || made;
    }

    boolean entity(Entity entity) throws SQLException {
        @Nullable
        UUID parent = entity.parent().isPresent()
                ? entityId(entity.code(), entity.parent().get())
                : null;
        Optional<UUID> known =
                write.id("select id from entity where code = ?", entity.code().value());
        if (known.isEmpty()) {
            judge.demand(Right.STRUCTURE, parent);
            return write.update(
                    "insert into entity(id, code, name, parent_id, made) values (?, ?, ?, ?, ?)",
                    write.newId(),
                    entity.code().value(),
                    entity.name(),
                    parent,
                    write.time());
        }
        judge.demand(Right.STRUCTURE, known.get());
        if (parent != null) {
            refuseCycle(entity, known.get(), parent);
        }
        @Nullable
        UUID before = write.id("select parent_id from entity where id = ? and parent_id is not null", known.get())
                .orElse(null);
        if (!Objects.equals(before, parent)) {
            judge.move(Right.STRUCTURE, before, parent);
        }
        boolean changed = write.update(
                "update entity set name = ?, parent_id = ? where id = ? and (name, parent_id) is distinct from (?, ?)",
                entity.name(),
                parent,
                known.get(),
                entity.name(),
                parent);
        judge.forget();
        judge.budgets(parent);
        return changed;
    }

    boolean position(Position position) throws SQLException {
        UUID entity = entityId(position.code(), position.entity());
        Optional<UUID> known = write.id(
                "select id from position where code = ?", position.code().value());
        if (known.isEmpty()) {
            judge.demand(Right.STRUCTURE, entity);
            return write.update(
                    "insert into position(id, code, title, entity_id, made) values (?, ?, ?, ?, ?)",
                    write.newId(),
                    position.code().value(),
                    position.title(),
                    entity,
                    write.time());
        }
        UUID before = entityOf(known.get());
        judge.demand(Right.STRUCTURE, before);
        if (!before.equals(entity)) {
            judge.move(Right.STRUCTURE, before, entity);
            judge.dominatePosition(known.get());
        }
        return write.update(
                "update position set title = ?, entity_id = ? where id = ? and (title, entity_id) is distinct from (?, ?)",
                position.title(),
                entity,
                known.get(),
                position.title(),
                entity);
    }

    /** Says how the people of an entity, and of those below it that have no rule, get their addresses. */
    boolean addressRule(EntityCode code, Optional<AddressRule> rule) throws SQLException {
        UUID entity = entityId(code, code);
        judge.demand(Right.STRUCTURE, entity);
        return rule.isEmpty()
                ? write.update("delete from address_rule where entity_id = ?", entity)
                : write.update("""
                        insert into address_rule(entity_id, rule) values (?, ?)
                        on conflict (entity_id) do update set rule = excluded.rule where address_rule.rule <> excluded.rule
                        """, entity, rule.get().toString());
    }

    /**
     * The id of an entity that must exist.
     *
     * @param by what names it, a code or an address
     */
    UUID entityId(Object by, EntityCode code) throws SQLException {
        return write.id("select id from entity where code = ?", code.value())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_ENTITY, by, code));
    }

    /**
     * The id of a position that must exist.
     *
     * @param by what names it, a code or an address
     */
    UUID positionId(Object by, PositionCode code) throws SQLException {
        return write.id("select id from position where code = ?", code.value())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_POSITION, by, code));
    }

    /** The ids of the entities and positions that have one of these codes. */
    List<UUID> withCodes(Set<String> codes) throws SQLException {
        String[] asked = codes.toArray(String[]::new);
        return asked.length == 0
                ? List.of()
                : Sql.query(
                        write.connection(),
                        row -> row.getObject(1, UUID.class),
                        "select id from entity where code = any(?) union all select id from position where code = any(?)",
                        asked,
                        asked);
    }

    /** The entity of a position. */
    UUID entityOf(UUID position) throws SQLException {
        return write.id("select entity_id from position where id = ?", position).orElseThrow();
    }

    /** The entity of a position that must exist. */
    EntityCode entityOf(PositionCode position) throws SQLException {
        return Sql.first(
                        write.connection(),
                        row -> new EntityCode(row.getString(1)),
                        "select e.code from position p join entity e on e.id = p.entity_id where p.code = ?",
                        position.value())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_POSITION, position, position));
    }

    /** An entity as it is. */
    Optional<Entity> entity(EntityCode code) throws SQLException {
        return Sql.first(write.connection(), PostgresRegister::entity, PostgresRegister.ENTITY, code.value());
    }

    /** A position as it is. */
    Optional<Position> position(PositionCode code) throws SQLException {
        return Sql.first(write.connection(), PostgresRegister::position, PostgresRegister.POSITION, code.value());
    }

    private void refuseCycle(Entity entity, UUID id, UUID parent) throws SQLException {
        Optional<UUID> above = write.id("""
                with recursive above(id) as (
                    select ?::uuid
                    union
                    select e.parent_id from entity e join above on e.id = above.id where e.parent_id is not null
                )
                select id from above where id = ?
                """, parent, id);
        if (above.isPresent()) {
            throw new ProvisioningRefused(
                    Reason.ENTITY_CYCLE, entity.code(), entity.parent().orElseThrow());
        }
    }
}
