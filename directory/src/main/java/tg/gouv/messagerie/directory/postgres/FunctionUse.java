package tg.gouv.messagerie.directory.postgres;

/** Which function mailboxes a person may use now. */
final class FunctionUse {
    /**
     * A query of {@code function_id} and {@code access}, each active function mailbox once with the best access. Parameters: the
     * holder's account, now, now.
     */
    static final String NOW = """
            select f.account_id as function_id, min(f.access) as access -- 'holder' sorts before 'reader'
            from person p
            join assignment held on held.person_id = p.id
            join (
                select m.account_id, m.position_id, 'holder' as access from function_mailbox m
                where m.position_id is not null
                union all
                select h.account_id, h.position_id, h.access from function_holder h
            ) f on f.position_id = held.position_id
            join account a on a.id = f.account_id and a.state = 'active'
            where p.account_id = ? and held.starts <= ? and (held.ends is null or held.ends > ?)
            group by f.account_id
            """;

    private FunctionUse() {}
}
