-- Bulk imports (directory.imports): what they did, and what they replaced, so that one can be undone.

create table import (
    id       uuid        primary key,
    kind     text        not null check (kind in ('people', 'entities', 'positions')),
    state    text        not null check (state in ('running', 'done', 'undone')),
    -- SHA-256 of the file: importing it again goes on with what was interrupted.
    digest   bytea       not null,
    name     text        not null check (length(name) <= 200),
    asked_by text        not null,
    begun    timestamptz not null,
    ended    timestamptz,
    rows     int         not null,
    made     int         not null default 0,
    changed  int         not null default 0,
    refused  int         not null
);
create index import_begun on import (begun);

-- Each is one transaction.
create table import_batch (
    import_id uuid        not null references import,
    number    int         not null,
    made      int         not null,
    changed   int         not null,
    at        timestamptz not null,
    primary key (import_id, number)
);

-- A person whom an import changed: as they were (null: they were not there), and a digest of how it left them. The account is no
-- reference, for undoing an import that made it removes it.
create table import_change (
    import_id  uuid  not null references import,
    account_id uuid  not null,
    before     jsonb,
    after      bytea not null,
    primary key (import_id, account_id)
);

-- How the people of an entity, and of those below it that have none, get their addresses: {given}.{family}@energie.gouv.tg.
create table address_rule (
    entity_id uuid primary key references entity,
    rule      text not null check (length(rule) between 5 and 320)
);

-- Some people have one name: it is the family name then.
alter table person drop constraint person_given_name_check;
alter table person add constraint person_given_name_check check (length(given_name) between 0 and 100);
