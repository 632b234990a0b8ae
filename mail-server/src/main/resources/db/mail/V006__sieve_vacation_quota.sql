-- What people set for their mail (mail.postgres.PostgresRepositories): filters, absences; and what mail keeps about them:
-- how much they may hold, events that no part could handle.
--
-- owner_id is an account of the directory; no foreign key leads out of this schema.

-- Who has filters, or may have so many bytes of them; its row is the lock of the account's filters. Without an owner: everybody's
-- quota.
create table sieve_owner (
    owner_id    uuid unique nulls not distinct,
    quota_bytes bigint
);

create table sieve_script (
    owner_id  uuid  not null,
    name      text  not null check (octet_length(name) <= 512),
    content   bytea not null,
    activated timestamptz, -- since when it is the one that runs
    primary key (owner_id, name)
);

create unique index sieve_script_active on sieve_script (owner_id) where activated is not null;

-- RFC 8621 section 8.
create table vacation (
    owner_id  uuid    primary key,
    enabled   boolean not null default false,
    from_date timestamptz,
    from_zone text,
    to_date   timestamptz,
    to_zone   text,
    subject   text,
    text_body text,
    html_body text
);

-- Who was told of an absence, and is not told again before that time; never again without one (RFC 3834 section 2, RFC 5230
-- section 4.2).
create table vacation_answer (
    owner_id uuid not null,
    absence  text not null, -- empty for the row of vacation; else which vacation action of a script
    sender   text not null check (octet_length(sender) <= 512),
    until    timestamptz,
    primary key (owner_id, absence, sender)
);

create index vacation_answer_until on vacation_answer (until);

-- Events that a listener of James's event bus could not handle, for an administrator.
create table event_dead_letter (
    id       uuid        primary key,
    listener text        not null,
    event    text        not null, -- as James writes it
    since    timestamptz not null
);

create index event_dead_letter_since on event_dead_letter (since, id);

-- How much an account may hold, where it is not what the settings say. What it holds is the sum of its mailboxes' counters, which
-- change in the statement that adds or removes messages.
create table quota_limit (
    scope   text not null check (scope in ('User', 'Domain', 'Global')),
    subject text not null, -- an account's id, a domain, nothing
    kind    text not null check (kind in ('messages', 'bytes')),
    most    bigint,        -- no limit when null
    primary key (scope, subject, kind)
);
