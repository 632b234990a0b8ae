package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.postgres.PeopleRows.Kept;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox.OfEntity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox.OfPosition;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.database.Sql;

/** Function mailboxes and the positions whose holders use them. */
record FunctionRows(Write write, Judge judge, StructureRows structure, AccountRows accounts) {
    Kept functionMailbox(FunctionMailbox mailbox) throws SQLException {
        @Nullable
        UUID position =
                mailbox.owner() instanceof OfPosition(var code) ? structure.positionId(mailbox.address(), code) : null;
        @Nullable
        UUID entity =
                mailbox.owner() instanceof OfEntity(var code) ? structure.entityId(mailbox.address(), code) : null;
        Optional<UUID> known = accounts.byPrimary(Account.Kind.FUNCTION, mailbox.address());
        UUID place = position == null ? entity : structure.entityOf(position);
        judge.demand(Right.FUNCTION_MAILBOXES, place);
        if (known.isPresent()) {
            @Nullable UUID before = judge.placeOf(known.get());
            if (!Objects.equals(before, place)) {
                judge.move(Right.FUNCTION_MAILBOXES, before, place);
            }
        }
        UUID account = known.isPresent() ? known.get() : make(mailbox, position, entity);
        boolean changed = known.isEmpty();
        changed |= accounts.displayName(account, mailbox.displayName());
        changed |= write.update("""
                update function_mailbox set position_id = ?, entity_id = ?
                where account_id = ? and (position_id, entity_id) is distinct from (?, ?)
                """, position, entity, account, position, entity);
        changed |= holders(mailbox, account);
        return new Kept(account, known.isEmpty(), changed);
    }

    private UUID make(FunctionMailbox mailbox, @Nullable UUID position, @Nullable UUID entity) throws SQLException {
        UUID account = accounts.make(Account.Kind.FUNCTION, mailbox.displayName());
        accounts.primary(account, mailbox.address());
        write.update(
                "insert into function_mailbox(account_id, position_id, entity_id) values (?, ?, ?)",
                account,
                position,
                entity);
        return account;
    }

    private boolean holders(FunctionMailbox mailbox, UUID account) throws SQLException {
        Map<UUID, String> access = new HashMap<>();
        for (Map.Entry<PositionCode, FunctionAccess> each : mailbox.holders().entrySet()) {
            access.put(
                    structure.positionId(mailbox.address(), each.getKey()),
                    each.getValue().name().toLowerCase(Locale.ROOT));
        }
        Map<UUID, String> present = new HashMap<>();
        Sql.query(
                write.connection(),
                row -> present.put(row.getObject(1, UUID.class), row.getString(2)),
                "select position_id, access from function_holder where account_id = ?",
                account);
        if (access.equals(present)) {
            return false;
        }
        write.update("delete from function_holder where account_id = ?", account);
        for (Map.Entry<UUID, String> each : access.entrySet()) {
            write.update(
                    "insert into function_holder(account_id, position_id, access) values (?, ?, ?)",
                    account,
                    each.getKey(),
                    each.getValue());
        }
        return true;
    }
}
