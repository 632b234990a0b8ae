package tg.gouv.messagerie.directory.postgres;

/** Which mailboxes of others a person may use now: those of the functions they hold, and of those for whom they read who have left. */
final class FunctionUse {
    private FunctionUse() {}

    /**
     * A query of {@code function_id} and {@code access}: each mailbox once, with the best access. It has two parameters: now, twice.
     *
     * @param holder the SQL expression of the holder's account, without parameters; aliases inside hide those outside
     */
    static String by(String holder) {
        return """
            select opened.id as function_id, min(way.access) as access -- 'holder' sorts before 'reader'
            from (
                select mailbox.account_id, mailbox.access, 'active' as state
                from person used_by
                join assignment held on held.person_id = used_by.id
                join (
                    select own.account_id, own.position_id, 'holder' as access from function_mailbox own
                    where own.position_id is not null
                    union all
                    select other.account_id, other.position_id, other.access from function_holder other
                ) mailbox on mailbox.position_id = held.position_id
                where used_by.account_id = %1$s and held.starts <= ? and (held.ends is null or held.ends > ?)
                union all
                select gone.account_id, 'reader', 'suspended' from departure gone where gone.reader_id = %1$s
            ) way
            join account opened on opened.id = way.account_id and opened.state = way.state
            group by opened.id
            """.formatted(holder);
    }
}
