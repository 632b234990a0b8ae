-- Rights in parts of the State, as data (directory.rights).

-- A grant serves while it is in its time, not revoked, and the grant by which it was given serves. What is over stays: history.
create table right_grant (
    id           uuid primary key,
    account_id   uuid references account,
    position_id  uuid references position,
    rights       text[] not null check (cardinality(rights) between 1 and 32),
    entity_id    uuid references entity, -- null: the whole State
    accounts_max int check (accounts_max >= 0),
    starts       timestamptz not null,
    ends         timestamptz check (ends > starts),
    under        uuid references right_grant, -- by which it was given; null: by an operator of the machine
    given_by     text not null,
    made         timestamptz not null,
    revoked      timestamptz,
    check (num_nonnulls(account_id, position_id) = 1)
);
create index right_grant_account on right_grant (account_id);
create index right_grant_position on right_grant (position_id);
create index right_grant_entity on right_grant (entity_id);
create index right_grant_under on right_grant (under);

-- The entity in which an account is: a person's, or that of a function mailbox or of the position that owns it.
create view account_place(account_id, entity_id) as
    select account_id, entity_id from person
    union all
    select f.account_id, coalesce(f.entity_id, p.entity_id)
    from function_mailbox f left join position p on p.id = f.position_id;
