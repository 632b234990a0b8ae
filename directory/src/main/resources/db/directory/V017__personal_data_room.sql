-- Erasure of one person's data, and what keeps it (directory.provisioning.LifeCycle.Erasure).

-- What is left of who was erased: the id, by which the audit trail and the history of positions and rights name them.
alter table account add column erased timestamptz check (erased is null or state = 'closed');

-- Whose data must not be erased, though their time is over: a court, an inquiry.
create table legal_hold (
    account_id uuid        primary key references account,
    reason     text        not null check (length(reason) between 1 and 200),
    held_by    text        not null, -- as the audit trail writes an actor
    made       timestamptz not null
);

-- Of an address, or of a name in LDAP: equal ones have the same.
create function address_digest(address text) returns bytea language sql immutable strict parallel safe
    return sha256(convert_to('messagerie address:' || address, 'UTF8'));

-- Addresses and names in LDAP of those who were erased: nobody is given one, and nobody can read them here.
create table reserved_address (
    digest bytea       primary key check (length(digest) = 32),
    since  timestamptz not null
);

-- Rooms, and things that are lent: accounts without mailboxes, whose addresses calendars invite (RFC 5545 section 3.2.3).

alter table account drop constraint account_kind_check;
alter table account add constraint account_kind_check check (kind in ('person', 'function', 'list', 'room'));

create table room (
    account_id   uuid primary key,
    account_kind text not null generated always as ('room') stored,
    entity_id    uuid not null references entity, -- to which it belongs: who has the right there says who books it
    cutype       text not null check (cutype in ('room', 'resource')),
    capacity     int check (capacity between 1 and 100000),
    location     text not null check (length(location) <= 200),
    features     text[] not null check (cardinality(features) <= 32),
    opening      text not null check (length(opening) <= 500), -- empty: always
    bookers_id   uuid references people_group, -- null: everybody of the State
    foreign key (account_id, account_kind) references account (id, kind)
);
create index room_entity on room (entity_id);
create index room_bookers on room (bookers_id);

create or replace view account_place(account_id, entity_id) as
    select account_id, entity_id from person
    union all
    select f.account_id, coalesce(f.entity_id, p.entity_id)
    from function_mailbox f left join position p on p.id = f.position_id
    union all
    select l.account_id, g.entity_id from mailing_list l join people_group g on g.id = l.group_id
    union all
    select account_id, entity_id from room;

alter table ldap_entry drop constraint ldap_entry_source_check;
alter table ldap_entry add constraint ldap_entry_source_check
    check (source in ('entity', 'position', 'function', 'group', 'room', 'person'));
insert into ldap_indexed(attr) values ('gouvroomfeature'), ('l') on conflict do nothing;
insert into ldap_entry(id, entry_uuid, parent_id, path, dn, attrs, created, changed)
values (8, gen_random_uuid(), 1, 'ou=rooms' || U&'\0001', 'ou=rooms',
    '{"objectClass": ["top", "organizationalUnit"], "ou": ["rooms"], "description": ["Salles et matériel"]}', now(), now());
select ldap_reindex(array[8::bigint]);

-- Whose domain it is: who has the right in that entity gives addresses there; null: everybody who has the right where the account is.
alter table domain add column entity_id uuid references entity;
create index domain_entity on domain (entity_id);

-- Addresses that deliver no more, and whose they were: nobody else is given one.
create table retired_address (
    address    text collate "C" primary key,
    account_id uuid        not null references account,
    since      timestamptz not null
);
create index retired_address_account on retired_address (account_id);
