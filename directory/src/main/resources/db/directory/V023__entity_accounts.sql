-- How many accounts of people, closed ones apart, are in each entity itself: what budgets are counted by. Triggers keep it in the transaction of
-- what changes it, whichever act that is; acts take turns anyway, so nobody waits for a row of it.
create table entity_accounts (
    entity_id uuid   primary key references entity on delete cascade,
    accounts  bigint not null
);
insert into entity_accounts
select p.entity_id, count(*) from person p join account a on a.id = p.account_id and a.state <> 'closed'
where p.entity_id is not null group by p.entity_id;

create function entity_accounts_add(entities uuid[], many integer) returns void language sql set search_path = directory as $$
    insert into entity_accounts as n (entity_id, accounts)
    select entity, many * count(*) from unnest(entities) entity where entity is not null group by entity order by entity
    on conflict (entity_id) do update set accounts = n.accounts + excluded.accounts
$$;

create function entity_accounts_of_people() returns trigger language plpgsql set search_path = directory as $$
begin
    case tg_op
        when 'INSERT' then
            perform entity_accounts_add(array(
                select p.entity_id from came p join account a on a.id = p.account_id and a.state <> 'closed'), 1);
        when 'DELETE' then
            perform entity_accounts_add(array(
                select p.entity_id from gone p join account a on a.id = p.account_id and a.state <> 'closed'), -1);
        else
            perform entity_accounts_add(array(
                    select b.entity_id from gone b join came n using (id) join account a on a.id = n.account_id and a.state <> 'closed'
                    where b.entity_id is distinct from n.entity_id), -1),
                entity_accounts_add(array(
                    select n.entity_id from gone b join came n using (id) join account a on a.id = n.account_id and a.state <> 'closed'
                    where b.entity_id is distinct from n.entity_id), 1);
    end case;
    return null;
end
$$;
create trigger entity_accounts_person_in after insert on person
    referencing new table as came for each statement execute function entity_accounts_of_people();
create trigger entity_accounts_person_out after delete on person
    referencing old table as gone for each statement execute function entity_accounts_of_people();
create trigger entity_accounts_person_moved after update on person
    referencing old table as gone new table as came for each statement execute function entity_accounts_of_people();

create function entity_accounts_of_states() returns trigger language plpgsql set search_path = directory as $$
begin
    perform entity_accounts_add(array(
            select p.entity_id from gone b join came n using (id) join person p on p.account_id = n.id
            where b.state <> 'closed' and n.state = 'closed'), -1),
        entity_accounts_add(array(
            select p.entity_id from gone b join came n using (id) join person p on p.account_id = n.id
            where b.state = 'closed' and n.state <> 'closed'), 1);
    return null;
end
$$;
create trigger entity_accounts_closed after update on account
    referencing old table as gone new table as came for each statement execute function entity_accounts_of_states();
