package tg.gouv.messagerie.directory.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.LifeCycle.Change;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * What is left of somebody is their account's id: the audit trail names them by it, and so does the history of positions and rights, which
 * are acts of the State. Everything else goes in one transaction; what other schemas keep goes by the outbox, whose message is in it.
 */
/** The erasure of people, and what keeps their data. */
record ErasureRows(Write write) {
    /** What an erased person is called. */
    private static final String NOBODY = "—";

    private static final String PREFIX = "messagerie address:";

    /**
     * What goes, by its word: each statement's parameters are the account. A table of the schema that names accounts has its line, or is
     * left as history.
     */
    private enum Goes {
        PASSWORD("delete from credential where account_id = ?"),
        SECOND_FACTOR("delete from second_factor where account_id = ?"),
        DEVICES("delete from device_password where account_id = ?"),
        HIDDEN_FUNCTIONS("delete from hidden_function where account_id = ?"),
        CODE("delete from activation_code where account_id = ?"),
        TOKENS("delete from bearer_token where account_id = ?"),
        SESSIONS("delete from web_session where account_id = ?"),
        REQUESTS("delete from request_key where account_id = ?"),
        NETWORKS("delete from sign_in_attempts where subject = ?"),
        GROUPS("delete from group_member where account_id = ?"),
        FILES("delete from import_file where account_id = ?"),
        IMPORTS("delete from import_change where account_id = ?"),
        DEPARTURE("delete from departure where account_id = ?"),
        READER("update departure set reader_id = null where reader_id = ?"),
        ANSWER("""
                update departure set answer = null where answer in (select address from address where account_id = ?)
                """),
        ADDRESSES("""
                with gone as (delete from address where account_id = ? returning address)
                insert into reserved_address(digest, since) select address_digest(address), now() from gone on conflict do nothing
                """),
        RETIRED("""
                with gone as (delete from retired_address where account_id = ? returning address)
                insert into reserved_address(digest, since) select address_digest(address), now() from gone on conflict do nothing
                """),
        LDAP_NAME("""
                with gone as (delete from ldap_name where account_id = ? returning name)
                insert into reserved_address(digest, since) select address_digest(name), now() from gone on conflict do nothing
                """),
        IDENTITY("""
                update person set registration_number = null, given_name = '', family_name = '%s', language = 'fr', entity_id = null
                where account_id = ?
                """.formatted(NOBODY));

        private final String statement;

        Goes(String statement) {
            this.statement = statement;
        }

        String word() {
            return "erased-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What stays, by its word. */
    private enum Stays {
        POSITIONS("select count(*) from assignment h join person p on p.id = h.person_id where p.account_id = ?"),
        RIGHTS("select count(*) from right_grant where account_id = ?");

        private final String count;

        Stays(String count) {
            this.count = count;
        }

        String word() {
            return "kept-" + name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a hold was begun, or its reason is another. */
    boolean hold(UUID account, String reason, String by) throws SQLException {
        return write.update("""
                insert into legal_hold as h (account_id, reason, held_by, made) values (?, ?, ?, ?)
                on conflict (account_id) do update set reason = excluded.reason, held_by = excluded.held_by, made = excluded.made
                where h.reason <> excluded.reason
                """, account, reason, by, write.time());
    }

    boolean endHold(UUID account) throws SQLException {
        return write.update("delete from legal_hold where account_id = ?", account);
    }

    /** Nothing stands against the erasure of somebody. */
    void demand(UUID account, Account.State state, LifeCycle.Erasure act) throws SQLException {
        MailAddress person = act.person();
        if (state != Account.State.CLOSED) {
            throw new ProvisioningRefused(Reason.NOT_CLOSED, person);
        }
        Optional<ProvisioningRefused> held = Sql.first(
                write.connection(),
                row -> new ProvisioningRefused(Reason.ON_HOLD, person, row.getString(1), row.getString(2)),
                "select held_by, reason from legal_hold where account_id = ?",
                account);
        if (held.isPresent()) {
            throw held.get();
        }
        refuse(Reason.HOLDS_A_POSITION, person, """
                select q.code from person p join assignment h on h.person_id = p.id join position q on q.id = h.position_id
                where p.account_id = ? and (h.ends is null or h.ends > ?) order by q.code limit 1
                """, account, write.time());
        refuse(Reason.OWNS_A_LIST, person, """
                select d.address from mailing_list l join address d on d.account_id = l.account_id and d.role = 'primary'
                where l.owner_id = ? order by d.address limit 1
                """, account);
        Instant since = Sql.first(write.connection(), row -> Times.read(row, 1).orElseThrow(), """
                        select coalesce(d.until, a.changed) from account a left join departure d on d.account_id = a.id where a.id = ?
                        """, account)
                .orElseThrow();
        Instant from = since.plus(LifeCycle.ERASED_AFTER);
        if (!act.now() && from.isAfter(write.now())) {
            throw new ProvisioningRefused(Reason.CLOSED_LATELY, person, LifeCycle.ERASED_AFTER.toDays(), from);
        }
    }

    private void refuse(Reason reason, MailAddress person, String sql, Object... parameters) throws SQLException {
        Optional<String> found = Sql.first(write.connection(), row -> row.getString(1), sql, parameters);
        if (found.isPresent()) {
            throw new ProvisioningRefused(reason, person, found.get());
        }
    }

    /** Erases what the schema keeps of somebody, and tells what went and what stays. */
    List<Change> erase(UUID account, MailAddress shown) throws SQLException {
        List<Change> changes = new ArrayList<>();
        for (Goes each : Goes.values()) {
            int gone = Sql.update(write.connection(), each.statement, account);
            if (gone > 0) {
                changes.add(new Change(each.word(), shown.toString(), Optional.of(String.valueOf(gone))));
            }
        }
        write.update(
                "update account set display_name = ?, erased = ?, changed = ? where id = ?",
                NOBODY,
                write.time(),
                write.time(),
                account);
        changes.add(new Change("erased-mail", shown.toString(), Optional.empty()));
        for (Stays each : Stays.values()) {
            int count = Sql.first(write.connection(), row -> row.getInt(1), each.count, account)
                    .orElseThrow();
            if (count > 0) {
                changes.add(new Change(each.word(), shown.toString(), Optional.of(String.valueOf(count))));
            }
        }
        changes.add(new Change("kept-audit", shown.toString(), Optional.of(account.toString())));
        return changes;
    }

    /** Every statement that erases. */
    static List<String> statements() {
        return Arrays.stream(Goes.values()).map(each -> each.statement).toList();
    }

    /** As the function {@code address_digest} of the schema. */
    static byte[] digest(MailAddress address) {
        try {
            return MessageDigest.getInstance("SHA-256").digest((PREFIX + address).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
