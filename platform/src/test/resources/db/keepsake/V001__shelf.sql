-- What a backup must be able to bring back, for the tests of platform.backup.
create table shelf (
    id     bigint generated always as identity primary key,
    name   text   not null unique,
    best   bigint,                                                -- a thing: a circle of keys
    above  bigint references shelf,
    length int    generated always as (octet_length(name)) stored
);

create table thing (
    id       bigint      primary key,
    shelf_id bigint      not null references shelf,
    "Words"  text[]      not null default '{}',
    said     jsonb       not null default '{}',
    at       timestamptz not null default now(),
    bytes    bytea,
    object   uuid,
    check (id > 0)
);

alter table shelf add constraint shelf_best foreign key (best) references thing;

create index thing_shelf on thing (shelf_id);

-- A row that a migration makes.
insert into shelf(name) values ('the first shelf');

create sequence ticket start 100;
