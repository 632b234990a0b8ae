package tg.gouv.messagerie.directory.postgres;

/** Which function mailboxes a person may use now. */
final class FunctionUse {
    private FunctionUse() {}

    /**
     * A query of {@code function_id} and {@code access}: each active function mailbox once, with the best access. It has two
     * parameters: now, twice.
     *
     * @param holder the SQL expression of the holder's account; aliases inside hide those outside
     */
    static String by(String holder) {
        return """
            select opened.id as function_id, min(way.access) as access -- 'holder' sorts before 'reader'
            from person used_by
            join assignment held on held.person_id = used_by.id
            join (
                select own.account_id, own.position_id, 'holder' as access from function_mailbox own
                where own.position_id is not null
                union all
                select other.account_id, other.position_id, other.access from function_holder other
            ) way on way.position_id = held.position_id
            join account opened on opened.id = way.account_id and opened.state = 'active'
            where used_by.account_id = %s and held.starts <= ? and (held.ends is null or held.ends > ?)
            group by opened.id
            """.formatted(holder);
    }
}
