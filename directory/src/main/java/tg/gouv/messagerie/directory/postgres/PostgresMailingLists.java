package tg.gouv.messagerie.directory.postgres;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Look-ups of mailing lists: each is one indexed query, nothing is cached. */
final class PostgresMailingLists implements MailingLists {
    private final Connections connections;
    private final InstantSource clock;

    PostgresMailingLists(Connections connections, InstantSource clock) {
        this.connections = connections;
        this.clock = clock;
    }

    @Override
    public Map<MailAddress, Found> byAddresses(Collection<MailAddress> addresses) {
        Map<MailAddress, Found> found = new HashMap<>();
        if (!addresses.isEmpty()) {
            connections.autoCommit(c -> Sql.query(
                    c,
                    row -> found.put(
                            MailAddress.of(row.getString(1)),
                            new Found(
                                    new AccountId(row.getObject(2, UUID.class)),
                                    MailAddress.of(row.getString(3)),
                                    row.getString(4),
                                    Writers.of(row.getString(5)),
                                    MailAddress.of(row.getString(6)))),
                    """
                    select asked.address, a.id, own.address, a.display_name, l.writers, owner.address
                    from address asked join mailing_list l on l.account_id = asked.account_id
                        join account a on a.id = l.account_id and a.state = 'active'
                        join address own on own.account_id = a.id and own.role = 'primary'
                        join address owner on owner.account_id = l.owner_id and owner.role = 'primary'
                    where asked.address = any(?)
                    """,
                    (Object) addresses.stream().map(MailAddress::toString).toArray(String[]::new)));
        }
        return found;
    }

    @Override
    public List<MailAddress> readers(AccountId list, Optional<MailAddress> after, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> MailAddress.of(row.getString(1)),
                """
                select d.address
                from mailing_list l join group_membership m on m.group_id = l.group_id
                    join account a on a.id = m.account_id and a.state in ('active', 'suspended')
                    join address d on d.account_id = a.id and d.role = 'primary'
                where l.account_id = ? and d.address > ? order by d.address limit ?
                """,
                list.value(),
                after.map(MailAddress::toString).orElse(""),
                most));
    }

    @Override
    public boolean isMember(AccountId list, AccountId account) {
        return connections
                .autoCommit(c -> Sql.first(
                        c,
                        row -> true,
                        """
                        select from (select ?::uuid as id) writer, mailing_list l
                            join group_membership m on m.group_id = l.group_id
                        where l.account_id = ? and (m.account_id = writer.id or exists (
                            select from (%s) use where use.function_id = m.account_id and use.access = 'holder'))
                        limit 1
                        """.formatted(FunctionUse.by("writer.id")),
                        account.value(),
                        list.value(),
                        Times.of(clock.instant()),
                        Times.of(clock.instant())))
                .isPresent();
    }
}
