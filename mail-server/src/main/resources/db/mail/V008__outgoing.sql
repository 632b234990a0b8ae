-- Mail on its way to other servers (mail.postgres.PostgresOutgoing): a row is committed with what caused it.

-- A message, for the recipients that have it still before them; goes with the last of them.
create table outgoing_mail (
    id         uuid        primary key,
    name       text        not null, -- of the queued mail that it was
    sender     text        not null, -- '' is the null reverse-path (RFC 5321 section 4.5.5)
    enqueued   timestamptz not null,
    header     bytea       not null,
    body_id    uuid        not null references body,
    size_bytes bigint      not null
);

create index outgoing_mail_body on outgoing_mail (body_id);

-- Texts that others said, such as replies, are escaped (mail.postgres.EscapedText).
create table outgoing_recipient (
    mail_id     uuid        not null references outgoing_mail,
    recipient   text        not null,
    destination text        not null, -- the domain, in lower case and ASCII
    -- waiting; held by an operator; dead: it failed, and nobody can be told.
    state       text        not null default 'waiting' check (state in ('waiting', 'held', 'dead')),
    enqueued    timestamptz not null,
    -- When it is tried next; of a row that somebody works on, when the lease ends.
    due         timestamptz not null,
    lease       uuid,
    lease_node  uuid,
    lease_life  uuid,
    attempts    int         not null default 0,
    warned      boolean     not null default false,
    tried       timestamptz,
    status      text,
    reply       text,
    host        text,
    primary key (mail_id, recipient)
);

-- What is due for a destination, and which destinations there are, is read off its beginning.
create index outgoing_recipient_due on outgoing_recipient (destination, due) where state = 'waiting';
-- The same for a relay, which takes the mail of every destination.
create index outgoing_recipient_next on outgoing_recipient (due) where state = 'waiting';
create index outgoing_recipient_lease on outgoing_recipient (lease) where lease is not null;
alter table outgoing_recipient set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- The destinations that could not be reached, until when they are left alone; '' is the relay. One that answers has no row.
create table outgoing_destination (
    domain     text        primary key,
    failures   int         not null,
    not_before timestamptz not null,
    since      timestamptz not null,
    status     text        not null,
    reply      text        not null
);

create or replace view named_body as
    select body_id from message
    union all
    select body_id from queue_mail where body_id is not null
    union all
    select body_id from repository_mail where body_id is not null
    union all
    select body_id from outgoing_mail;
