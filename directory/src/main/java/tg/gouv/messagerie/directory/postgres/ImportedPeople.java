package tg.gouv.messagerie.directory.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.imports.HeldPosition;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.KnownPerson;
import tg.gouv.messagerie.directory.imports.Permits;
import tg.gouv.messagerie.directory.imports.PersonChange;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * An image of a person is everything that an import can change, as JSON; moments are texts in UTC, so that neither the session's time zone
 * nor its notation are in it. What is equal has equal images, of which a digest is kept: undoing an import compares digests.
 */
/** How people were before an import, and how it left them. */
record ImportedPeople(Write write, UUID importId) {
    /** The images of the people who have these accounts: account_id, image. */
    static final String IMAGES = """
            select p.account_id, jsonb_build_object('number', p.registration_number, 'given', p.given_name,
                'family', p.family_name, 'language', p.language, 'entity', p.entity_id, 'state', a.state,
                'display', a.display_name, 'secret', (select c.changed at time zone 'UTC' from credential c
                    where c.account_id = a.id),
                'addresses', (select jsonb_agg(jsonb_build_object('address', d.address, 'role', d.role,
                    'since', d.since at time zone 'UTC') order by d.address) from address d where d.account_id = a.id),
                'held', (select jsonb_agg(jsonb_build_object('id', s.id, 'position', s.position_id,
                    'starts', s.starts at time zone 'UTC', 'ends', s.ends at time zone 'UTC',
                    'made', s.made at time zone 'UTC') order by s.id) from assignment s where s.person_id = p.id)) as image
            from person p join account a on a.id = p.account_id where p.account_id = any(?)
            """;

    /** Of the image {@code i.image}. */
    static final String DIGEST = "sha256(convert_to(i.image::text, 'UTF8'))";

    /** What each person of an import was before it, where it is judged. */
    private static final String BACK = """
            select p.registration_number, c.before is null, c.before ->> 'given', c.before ->> 'family', c.before ->> 'language',
                coalesce((select e.code from entity e where e.id = (c.before ->> 'entity')::uuid), ''), c.before ->> 'state',
                (select d ->> 'address' from jsonb_array_elements(c.before -> 'addresses') d where d ->> 'role' = 'primary'),
                coalesce(jsonb_typeof(c.before -> 'secret') <> 'null', false),
                array(with was as (
                        select (h ->> 'id')::uuid, (h ->> 'position')::uuid as position_id, (h ->> 'starts')::timestamp,
                            (h ->> 'ends')::timestamp
                        from jsonb_array_elements(case jsonb_typeof(c.before -> 'held') when 'array' then c.before -> 'held'
                            else '[]' end) h),
                    is_now as (
                        select s.id, s.position_id, s.starts at time zone 'UTC', s.ends at time zone 'UTC'
                        from assignment s where s.person_id = p.id)
                    select distinct o.code from (
                        (select * from was except select * from is_now) union all (select * from is_now except select * from was)
                    ) d join position o on o.id = d.position_id)
            from import_change c join person p on p.account_id = c.account_id
            where c.import_id = ? and p.registration_number is not null order by p.registration_number
            """;

    private static final int NAMED_MAX = 10;

    /** PostgreSQL asks some twenty tables about each account that goes: a statement ends well within database.statement-timeout. */
    private static final int REMOVED_AT_ONCE = 5_000;

    /** Some thousand people are undone at once however the planner goes about it. */
    private static final int ANALYZED_FROM = 1_000;

    /**
     * Gives back what was before.
     *
     * @return the accounts concerned
     * @throws ImportRefused if somebody has changed them since; the transaction must be undone then
     * @throws ProvisioningRefused if the actor may not make somebody what they were
     */
    List<UUID> giveBack(Actor actor) throws SQLException {
        List<UUID> all = accounts("true");
        if (all.size() > ANALYZED_FROM) {
            // What was imported and undone before left figures of a handful of people.
            write.update("analyze import_change, person, account, address, assignment, credential, ldap_name");
        }
        UUID[] known = accounts("before is not null").toArray(UUID[]::new);
        UUID[] made = accounts("before is null").toArray(UUID[]::new);
        refuse(
                ImportRefused.Reason.CHANGED_SINCE,
                """
                select coalesce(p.registration_number || ' ' || a.display_name, c.account_id::text) from import_change c
                    left join lateral (%s) i on true left join person p on p.account_id = c.account_id
                    left join account a on a.id = c.account_id
                where c.import_id = ? and (i.image is null or c.after <> %s) order by 1 limit ?
                """.formatted(IMAGES.replace("any(?)", "c.account_id"), DIGEST),
                importId);
        refuse(ImportRefused.Reason.ACTIVE_SINCE, """
                select p.registration_number || ' ' || a.display_name from account a join person p on p.account_id = a.id
                    join import_change c on c.account_id = a.id
                where a.id = any(?) and c.import_id = ? and a.state <> 'created' order by 1 limit ?
                """, made, importId);
        refuse(ImportRefused.Reason.CHANGED_SINCE, """
                select p.registration_number || ' ' || a.display_name from account a join person p on p.account_id = a.id
                    join import_change c on c.account_id = a.id
                where a.id = any(?) and c.import_id = ? and (
                    exists (select from right_grant g where g.account_id = a.id)
                    or exists (select from bearer_token t where t.account_id = a.id)
                    or exists (select from web_session w where w.account_id = a.id)
                    or exists (select from device_password d where d.account_id = a.id)
                    or exists (select from group_member m where m.account_id = a.id)
                    or exists (select from mailing_list l where l.owner_id = a.id)
                    or exists (select from departure d where a.id in (d.account_id, d.reader_id))) order by 1 limit ?
                """, made, importId);
        if (!Judge.trusts(actor)) {
            judge(actor);
        }
        try {
            for (int from = 0; from < made.length; from += REMOVED_AT_ONCE) {
                remove(Arrays.copyOfRange(made, from, Math.min(made.length, from + REMOVED_AT_ONCE)));
            }
            restore(known);
        } catch (SQLException e) {
            if ("23503".equals(e.getSQLState())) { // something else refers to them, which is no part of the image
                throw new ImportRefused(ImportRefused.Reason.CHANGED_SINCE, importId, all.size() + " ?");
            }
            throw e;
        }
        return all;
    }

    /** Judges what is given back as an import of it would be. */
    private void judge(Actor actor) throws SQLException {
        List<Back> all = Sql.query(write.connection(), Back::read, BACK, importId);
        Map<String, KnownPerson> now = new PostgresPresent(write.connection())
                .people(all.stream().map(Back::number).toList());
        List<PersonChange> changes = new ArrayList<>();
        for (Back each : all) {
            KnownPerson known = now.get(each.number());
            if (known != null) {
                changes.add(each.change(known));
            }
        }
        Permits permits = ImportJudge.of(write, actor, changes);
        for (PersonChange each : changes) {
            Optional<Permits.Refusal> refusal = permits.refusal(each);
            if (refusal.isPresent()) {
                throw refused(refusal.get());
            }
        }
    }

    private static ProvisioningRefused refused(Permits.Refusal refusal) {
        return switch (refusal.kind()) {
            case BUDGET_SPENT -> new ProvisioningRefused(ProvisioningRefused.Reason.BUDGET_SPENT, refusal.value());
            case NO_RIGHT ->
                new ProvisioningRefused(ProvisioningRefused.Reason.NO_RIGHT, refusal.value(), refusal.where());
            default -> new ProvisioningRefused(ProvisioningRefused.Reason.NO_RIGHT_IN_THE_STATE, refusal.value());
        };
    }

    /**
     * What is given back of a person.
     *
     * @param made whether the import made them, so that they go
     * @param positions those that begin, end or get other dates by it
     */
    private record Back(
            String number,
            boolean made,
            String given,
            String family,
            String language,
            String entity,
            String state,
            String primary,
            boolean secret,
            List<String> positions) {
        static Back read(ResultSet row) throws SQLException {
            return new Back(
                    row.getString(1),
                    row.getBoolean(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8),
                    row.getBoolean(9),
                    List.of((String[]) row.getArray(10).getArray()));
        }

        PersonChange change(KnownPerson now) {
            return new PersonChange(
                    0,
                    Optional.of(now),
                    number,
                    made ? now.given() : given,
                    made ? now.family() : family,
                    made ? now.language() : language,
                    made ? now.entity() : entity,
                    made ? now.state() : state,
                    made ? now.primary() : primary,
                    List.of(now.primary()), // takes the right to change them
                    positions.stream()
                            .map(it -> new HeldPosition(it, null, null))
                            .toList(),
                    List.of(),
                    now.secret() && !secret ? "taken away" : "");
        }
    }

    private List<UUID> accounts(String which) throws SQLException {
        return Sql.query(
                write.connection(),
                row -> row.getObject(1, UUID.class),
                "select account_id from import_change where import_id = ? and " + which + " order by account_id",
                importId);
    }

    /** Refuses to go on if this finds anybody; its last parameter is how many to name. */
    private void refuse(ImportRefused.Reason reason, String whom, Object... parameters) throws SQLException {
        Object[] all = Arrays.copyOf(parameters, parameters.length + 1);
        all[parameters.length] = NAMED_MAX + 1;
        List<String> some = Sql.query(write.connection(), row -> row.getString(1), whom, all);
        if (!some.isEmpty()) {
            String names = String.join(", ", some.subList(0, Math.min(NAMED_MAX, some.size())));
            throw new ImportRefused(reason, importId, some.size() > NAMED_MAX ? names + ", …" : names);
        }
    }

    private void remove(UUID[] made) throws SQLException {
        write.update("delete from activation_code where account_id = any(?)", (Object) made);
        write.update("delete from ldap_name where account_id = any(?)", (Object) made);
        write.update("delete from credential where account_id = any(?)", (Object) made);
        write.update("delete from address where account_id = any(?)", (Object) made);
        write.update(
                "delete from assignment s using person p where s.person_id = p.id and p.account_id = any(?)",
                (Object) made);
        write.update("delete from person where account_id = any(?)", (Object) made);
        write.update("delete from account where id = any(?)", (Object) made);
    }

    private void restore(UUID[] known) throws SQLException {
        if (known.length == 0) {
            return;
        }
        write.update("""
                update person p set given_name = c.before ->> 'given', family_name = c.before ->> 'family',
                    language = c.before ->> 'language', entity_id = (c.before ->> 'entity')::uuid
                from import_change c where c.import_id = ? and c.account_id = p.account_id and c.before is not null
                """, importId);
        write.update("""
                update account a set display_name = c.before ->> 'display', state = c.before ->> 'state', changed = ?
                from import_change c where c.import_id = ? and c.account_id = a.id and c.before is not null
                """, write.time(), importId);
        write.update("""
                delete from credential s using import_change c where c.import_id = ? and c.account_id = s.account_id
                    and c.before is not null and jsonb_typeof(c.before -> 'secret') = 'null'
                """, importId);
        write.update("""
                delete from address a using import_change c where c.import_id = ? and c.account_id = a.account_id
                    and c.before is not null and not exists (
                        select from jsonb_array_elements(c.before -> 'addresses') d where d ->> 'address' = a.address)
                """, importId);
        write.update( // one primary address at a time
                "update address set role = 'former' where account_id = any(?) and role = 'primary'", (Object) known);
        write.update("""
                insert into address(address, account_id, role, since)
                select d ->> 'address', c.account_id, d ->> 'role', (d ->> 'since')::timestamp at time zone 'UTC'
                from import_change c, jsonb_array_elements(c.before -> 'addresses') d
                where c.import_id = ? and c.before is not null
                on conflict (address) do update set role = excluded.role, since = excluded.since
                """, importId);
        write.update(
                "delete from assignment s using person p where s.person_id = p.id and p.account_id = any(?)",
                (Object) known);
        write.update("""
                insert into assignment(id, person_id, position_id, starts, ends, made)
                select (h ->> 'id')::uuid, p.id, (h ->> 'position')::uuid, (h ->> 'starts')::timestamp at time zone 'UTC',
                    (h ->> 'ends')::timestamp at time zone 'UTC', (h ->> 'made')::timestamp at time zone 'UTC'
                from import_change c join person p on p.account_id = c.account_id,
                    jsonb_array_elements(case jsonb_typeof(c.before -> 'held') when 'array' then c.before -> 'held'
                        else '[]' end) h
                where c.import_id = ? and c.before is not null
                """, importId);
    }
}
