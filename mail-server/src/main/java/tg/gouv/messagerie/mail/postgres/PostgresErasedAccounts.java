package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.ErasedAccounts;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * Mailboxes go message by message, a batch to a transaction, as if their owner had removed them: so bodies are released, sessions that
 * watch are told, and no lock is held for long. The rest is one transaction of few rows. What other people keep of the account is theirs;
 * the traces of its mail go after mail.trace.retention.
 */
/** The rows of the schema {@code mail} that are of accounts whose people are erased. */
final class PostgresErasedAccounts implements ErasedAccounts {
    /** One transaction's worth of messages. */
    private static final int BATCH = 500;

    /** What is the account's besides its mailboxes; a table of the schema with a column {@code owner_id} has its line. */
    private static final List<String> REST = List.of(
            "delete from sieve_script where owner_id = ?",
            "delete from sieve_owner where owner_id = ?",
            "delete from vacation where owner_id = ?",
            "delete from vacation_answer where owner_id = ?",
            "delete from subscription where owner_id = ?",
            "delete from jmap_identity where owner_id = ?",
            "delete from jmap_push_subscription where owner_id = ?",
            """
            with gone as (delete from jmap_upload where owner_id = ? returning object)
            insert into unnamed_object(object) select object from gone where object is not null on conflict do nothing
            """,
            "delete from delegation where ? in (owner_id, delegate_id)",
            "delete from destroyed_mailbox where owner_id = ?",
            "delete from account_counter where owner_id = ?");

    private final Connections connections;
    private final Expunging expunging;

    PostgresErasedAccounts(Connections connections, Expunging expunging) {
        this.connections = connections;
        this.expunging = expunging;
    }

    @Override
    public void erase(AccountId account) {
        for (long mailbox : connections.autoCommit(c -> Sql.query(
                c, row -> row.getLong(1), "select id from mailbox where owner_id = ? order by id", account.value()))) {
            while (connections.transaction(c -> removeSome(c, mailbox)) == BATCH) {
                // until none is left
            }
            connections.transaction(c -> {
                expunging.removeMailbox(c, mailbox);
                return Sql.update(c, "delete from expunged where mailbox_id = ?", mailbox);
            });
        }
        connections.transaction(c -> removeRest(c, account.value()));
    }

    private int removeSome(Connection c, long mailbox) throws SQLException {
        Long[] uids = Sql.query(
                        c,
                        row -> row.getLong(1),
                        "select uid from mailbox_message where mailbox_id = ? order by uid limit " + BATCH,
                        mailbox)
                .toArray(Long[]::new);
        return expunging.expunge(c, mailbox, uids).size();
    }

    private static int removeRest(Connection c, UUID account) throws SQLException {
        for (String each : REST) {
            Sql.update(c, each, account);
        }
        Sql.update(c, "delete from quota_limit where scope = 'User' and subject = ?", account.toString());
        String[] entries = {account.toString(), "-" + account
        }; // RFC 4314 section 2: what is given, and what is withheld
        return Sql.update(
                c,
                "update mailbox set acl = acl - ?::text[] where acl <> '{}' and acl ??| ?::text[]",
                entries,
                entries);
    }

    /** Every statement that removes what is not in a mailbox. */
    static List<String> rest() {
        return REST;
    }
}
