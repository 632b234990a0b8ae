package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Departed;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.platform.database.Sql;

/** Who has left, until their account closes. Each act tells whether it changed something. */
record DepartureRows(Write write) {
    /** The account of who is to read the mail of somebody who leaves. */
    Optional<UUID> reader(UUID account, LifeCycle.Departure act) throws SQLException {
        if (act.reader().isEmpty()) {
            return Optional.empty();
        }
        MailAddress address = act.reader().get();
        UUID reader = write.id("""
                select p.account_id from address d join person p on p.account_id = d.account_id
                    join account a on a.id = p.account_id and a.state <> 'closed'
                where d.address = ?
                """, address.toString())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_PERSON, address));
        if (reader.equals(account)) {
            throw new ProvisioningRefused(Reason.READS_THEMSELVES, act.person());
        }
        return Optional.of(reader);
    }

    boolean write(UUID account, LifeCycle.Departure act, Optional<UUID> reader) throws SQLException {
        if (!act.until().isAfter(write.now())) {
            throw new ProvisioningRefused(Reason.ENDS_IN_THE_PAST, act.person(), act.until());
        }
        @Nullable String answer = act.answer().map(MailAddress::toString).orElse(null);
        if (answer != null
                && write.id("select account_id from address where address = ?", answer)
                        .isEmpty()) {
            throw new ProvisioningRefused(Reason.UNKNOWN_PERSON, answer);
        }
        return write.update("""
                insert into departure as d (account_id, reader_id, answer, until, made) values (?, ?, ?, ?, ?)
                on conflict (account_id) do update set reader_id = excluded.reader_id, answer = excluded.answer, until = excluded.until
                where (d.reader_id, d.answer, d.until) is distinct from (excluded.reader_id, excluded.answer, excluded.until)
                """, account, reader.orElse(null), answer, Times.of(act.until()), write.time());
    }

    boolean remove(UUID account) throws SQLException {
        return write.update("delete from departure where account_id = ?", account);
    }

    /** Those whose account is to close by now. */
    List<AccountId> due() throws SQLException {
        return Sql.query(
                write.connection(),
                row -> new AccountId(row.getObject(1, UUID.class)),
                "select d.account_id from departure d join account a on a.id = d.account_id and a.state <> 'closed' where d.until <= ?",
                write.time());
    }

    /** These accounts as those know them who do something for who has left. */
    List<Departed> departed(Collection<UUID> accounts) throws SQLException {
        return accounts.isEmpty()
                ? List.of()
                : Sql.query(
                        write.connection(),
                        row -> new Departed(
                                new AccountId(row.getObject(1, UUID.class)),
                                row.getString(2),
                                row.getBoolean(3),
                                Optional.ofNullable(row.getString(4)).map(MailAddress::of)),
                        """
                        select a.id, a.display_name, d.account_id is not null, d.answer
                        from account a left join departure d on d.account_id = a.id where a.id = any(?) order by a.id
                        """,
                        (Object) accounts.toArray(UUID[]::new));
    }
}
