-- A second factor of people: codes that change every thirty seconds (RFC 6238), and codes for the day on which the telephone is lost.

create table second_factor (
    account_id   uuid        primary key,
    account_kind text        not null generated always as ('person') stored,
    secret       bytea       not null check (length(secret) between 16 and 64),
    made         timestamptz not null,
    confirmed    timestamptz check (confirmed >= made), -- by a first code; it asks for nothing before
    last_step    bigint      not null default 0, -- no code of this step or an earlier one serves any more
    -- wrong codes with the right password, from wherever
    failures     int         not null default 0,
    since        timestamptz,
    foreign key (account_id, account_kind) references account (id, kind)
);

-- Each serves once; the digest is SHA-256 of the account's id and 80 random bits.
create table recovery_code (
    account_id uuid  not null references second_factor on delete cascade,
    digest     bytea not null check (length(digest) = 32),
    primary key (account_id, digest)
);

-- A token of somebody who must have a second factor and has none: it opens nothing but what turns one on.
alter table bearer_token add column enrols_only boolean not null default false;
