package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Activation;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.database.Sql;

/** Accounts, their addresses and their passwords. Each act tells whether it changed something. */
record AccountRows(Write write, Judge judge) {
    /** For who has judged, or only reads. */
    AccountRows(Write write) {
        this(write, new Judge(write, new Actor.Program()));
    }

    /** An account's row, active from now on; its addresses follow. */
    UUID make(Account.Kind kind, String displayName) throws SQLException {
        UUID id = write.newId();
        write.update(
                "insert into account(id, kind, state, display_name, made, changed) values (?, ?, 'active', ?, ?, ?)",
                id,
                word(kind),
                displayName,
                write.time(),
                write.time());
        return id;
    }

    boolean displayName(UUID account, String displayName) throws SQLException {
        return write.update(
                "update account set display_name = ?, changed = ? where id = ? and display_name <> ?",
                displayName,
                write.time(),
                account,
                displayName);
    }

    boolean state(AccountId account, Account.State state) throws SQLException {
        demandKnown(account);
        return write.update(
                "update account set state = ?, changed = ? where id = ? and state <> ?",
                word(state),
                write.time(),
                account.value(),
                word(state));
    }

    /** Whether an account was made and never active yet. */
    boolean isNew(AccountId account) throws SQLException {
        return Sql.first(
                        write.connection(),
                        row -> true,
                        "select from account where id = ? and state = ?",
                        account.value(),
                        word(Account.State.CREATED))
                .isPresent();
    }

    /** Accounts as those who wait for their activation know them, in the order in which they were made. */
    List<Activation> activations(List<UUID> accounts) throws SQLException {
        return accounts.isEmpty()
                ? List.of()
                : Sql.query(
                        write.connection(),
                        row -> new Activation(
                                new AccountId(row.getObject(1, UUID.class)),
                                Account.Kind.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                                MailAddress.of(row.getString(3)),
                                row.getString(4),
                                Locale.of(row.getString(5))),
                        """
                        select a.id, a.kind, d.address, a.display_name, coalesce(p.language, 'fr')
                        from account a join address d on d.account_id = a.id and d.role = 'primary'
                            left join person p on p.account_id = a.id
                        where a.id = any(?) order by a.id
                        """,
                        (Object) accounts.toArray(UUID[]::new));
    }

    /** The account of this kind that has this primary address. */
    Optional<UUID> byPrimary(Account.Kind kind, MailAddress address) throws SQLException {
        return write.id("""
                select a.id from address d join account a on a.id = d.account_id
                where d.address = ? and d.role = 'primary' and a.kind = ?
                """, address.toString(), word(kind));
    }

    /** Makes an address the primary one; the one before becomes a former one, which still delivers. */
    boolean primary(UUID account, MailAddress address) throws SQLException {
        Optional<String> role = roleOrRefuse(account, address);
        if (role.equals(Optional.of("primary"))) {
            return false;
        }
        write.update(
                "update address set role = 'former', since = ? where account_id = ? and role = 'primary'",
                write.time(),
                account);
        return put(account, address, "primary");
    }

    boolean alias(AccountId account, MailAddress address) throws SQLException {
        demandKnown(account);
        Optional<String> role = roleOrRefuse(account.value(), address);
        boolean serves = role.equals(Optional.of("primary")) || role.equals(Optional.of("alias"));
        return !serves && put(account.value(), address, "alias");
    }

    /**
     * Gives a person's account a password; a new one forgives the wrong secrets given before.
     *
     * @param replace whether it takes the place of one that is there
     */
    boolean password(AccountId account, String hash, boolean replace) throws SQLException {
        String kind = demandKnown(account);
        if (!kind.equals(word(Account.Kind.PERSON))) {
            throw new ProvisioningRefused(Reason.NO_PASSWORD_FOR_A_FUNCTION, account);
        }
        boolean changed = write.update(
                "insert into credential(account_id, hash, changed) values (?, ?, ?) on conflict (account_id) do "
                        + (replace ? "update set hash = excluded.hash, changed = excluded.changed" : "nothing"),
                account.value(),
                hash,
                write.time());
        if (changed) {
            write.update("delete from bearer_token where account_id = ?", account.value());
            write.update("delete from web_session where account_id = ?", account.value());
            write.update(
                    "update sign_in_attempts set failures = 0, marks = '{}', closed_until = null where subject = ?",
                    account.value());
        }
        return changed;
    }

    /** What the account is to the address, if anything; refuses an address that cannot be given or is another's. */
    private Optional<String> roleOrRefuse(UUID account, MailAddress address) throws SQLException {
        String text = address.toString();
        if (text.indexOf('+') >= 0 || text.indexOf('*') >= 0) {
            throw new ProvisioningRefused(Reason.BAD_ADDRESS, address);
        }
        if (Sql.first(write.connection(), row -> true, "select from domain where name = ?", address.domain())
                .isEmpty()) {
            throw new ProvisioningRefused(Reason.DOMAIN_NOT_OURS, address, address.domain());
        }
        if (Sql.first(
                        write.connection(),
                        row -> true,
                        "select from reserved_address where digest = address_digest(?)",
                        text)
                .isPresent()) {
            throw new ProvisioningRefused(Reason.ADDRESS_RESERVED, address);
        }
        Optional<Taken> taken = Sql.first(
                write.connection(),
                row -> new Taken(row.getObject(1, UUID.class), row.getString(2), row.getString(3), row.getString(4)),
                """
                select d.account_id, d.role, a.display_name,
                    (select p.address from address p where p.account_id = a.id and p.role = 'primary')
                from (
                    select account_id, role from address where address = ?
                    union all select account_id, 'retired' from retired_address where address = ?
                ) d join account a on a.id = d.account_id
                """,
                text,
                text);
        if (taken.isPresent() && !taken.get().account().equals(account)) {
            throw new ProvisioningRefused(
                    Reason.ADDRESS_TAKEN,
                    address,
                    taken.get().displayName(),
                    taken.get().primary());
        }
        if (taken.isEmpty()) {
            demandDomain(account, address);
        }
        return taken.map(Taken::role);
    }

    /** Who gives an address of a domain that is an entity's has the right there. */
    private void demandDomain(UUID account, MailAddress address) throws SQLException {
        Optional<UUID> entity =
                write.id("select entity_id from domain where name = ? and entity_id is not null", address.domain());
        if (entity.isPresent()) {
            judge.demand(
                    switch (kind(new AccountId(account))) {
                        case PERSON -> Right.PEOPLE;
                        case FUNCTION -> Right.FUNCTION_MAILBOXES;
                        case LIST -> Right.GROUPS;
                        case ROOM -> Right.ROOMS;
                    },
                    entity.get());
        }
    }

    /** Takes a further or former address away: it delivers no more, and is given to nobody else. */
    boolean retire(AccountId account, MailAddress address) throws SQLException {
        demandKnown(account);
        Optional<String> role = Sql.first(
                write.connection(),
                row -> row.getString(1),
                "select role from address where address = ? and account_id = ?",
                address.toString(),
                account.value());
        if (role.equals(Optional.of("primary"))) {
            throw new ProvisioningRefused(Reason.PRIMARY_ADDRESS, address);
        }
        if (role.isEmpty()) {
            return false;
        }
        write.update("""
                update departure set answer = (select address from address where account_id = ? and role = 'primary') where answer = ?
                """, account.value(), address.toString());
        return write.update("""
                with gone as (delete from address where address = ? returning address, account_id)
                insert into retired_address(address, account_id, since) select address, account_id, ? from gone
                """, address.toString(), write.time());
    }

    private boolean put(UUID account, MailAddress address, String role) throws SQLException {
        write.update("delete from retired_address where address = ?", address.toString());
        return write.update("""
                insert into address(address, account_id, role, since) values (?, ?, ?, ?)
                on conflict (address) do update set role = excluded.role, since = excluded.since
                """, address.toString(), account, role, write.time());
    }

    /** The state of an account that must exist. */
    Account.State stateOf(UUID account) throws SQLException {
        return Sql.first(
                        write.connection(),
                        row -> Account.State.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                        "select state from account where id = ?",
                        account)
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, account));
    }

    /** The kind of an account that must exist. */
    Account.Kind kind(AccountId account) throws SQLException {
        return Account.Kind.valueOf(demandKnown(account).toUpperCase(Locale.ROOT));
    }

    private String demandKnown(AccountId account) throws SQLException {
        return Sql.first(
                        write.connection(),
                        row -> row.getString(1),
                        "select kind from account where id = ? and erased is null",
                        account.value())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, account));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Whose an address is. */
    private record Taken(UUID account, String role, String displayName, String primary) {}
}
