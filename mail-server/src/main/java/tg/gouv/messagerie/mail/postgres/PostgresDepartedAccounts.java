package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.AccountRules;
import tg.gouv.messagerie.mail.DepartedAccounts;
import tg.gouv.messagerie.platform.database.Sql;

/** Accounts whose people have left: the absence that JMAP would set, without end, and no active script. */
public final class PostgresDepartedAccounts implements DepartedAccounts {
    @Override
    public void leave(Connection connection, AccountId account, String subject, String text) throws SQLException {
        Sql.update(
                connection,
                "update sieve_script set activated = null where owner_id = ? and activated is not null",
                account.value());
        Sql.update(connection, """
                insert into vacation(owner_id, enabled, subject, text_body) values (?, true, ?, ?)
                on conflict (owner_id) do update set enabled = true, from_date = null, from_zone = null, to_date = null,
                    to_zone = null, subject = excluded.subject, text_body = excluded.text_body, html_body = null,
                    outside_text = null
                """, account.value(), subject, text);
        forget(connection, account);
    }

    @Override
    public void comeBack(Connection connection, AccountId account) throws SQLException {
        Sql.update(connection, "update vacation set enabled = false where owner_id = ?", account.value());
        forget(connection, account);
    }

    /** Who was told of another absence is told of this one. */
    private static void forget(Connection connection, AccountId account) throws SQLException {
        Sql.update(
                connection,
                "delete from vacation_answer where owner_id = ? and absence = ?",
                account.value(),
                AccountRules.JMAP_ABSENCE);
    }
}
