-- Mails that were accepted and are not yet processed: every mail queue in one table (mail.postgres.PostgresMailQueues).

-- A row is ready (due now or later), leased (somebody works on it until lease_until), or held (nobody works on it until an
-- operator says so; held_because tells why). Order of locks: queued_mail by ascending id, then body by ascending id.
create table queued_mail (
    id                uuid        primary key, -- made when it was enqueued, so it is the order of arrival
    queue             text        not null,
    stage             text        not null default 'ready' check (stage in ('ready', 'leased', 'held')),
    rank              smallint    not null check (rank between 0 and 9), -- 9 - James's priority: 0 goes first
    due               timestamptz not null,
    attempts          int         not null default 0, -- how often it was leased; committed with the lease
    lease_node        text,
    lease_life        uuid,       -- one life of that node's program
    lease_until       timestamptz,
    held_because      text,
    enqueued_at       timestamptz not null,
    name              text        not null,
    sender            text,       -- null is the null sender (RFC 5321 section 4.5.5)
    recipients        text[]      not null,
    state             text,
    error             text,
    last_updated      timestamptz,
    remote_host       text,
    remote_address    text,
    attributes        json        not null, -- as James writes them; text, so that it comes back as it was
    recipient_headers json        not null,
    header            bytea       not null,
    body_id           uuid        not null references body,
    size              bigint      not null, -- header and body
    check ((stage = 'leased') = (lease_life is not null)),
    check ((stage = 'held') = (held_because is not null))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- The claim reads one range of it per rank, so neither delayed nor held mails are in its way.
create index queued_mail_next on queued_mail (queue, stage, rank, due, id);
create index queued_mail_body on queued_mail (body_id);

-- Everything that names a body: the one place that says whether a body may go (mail.postgres.QueueBodies). Who adds a table
-- whose rows name bodies that others made replaces this view, with that table added.
create view body_name as select body_id, id as named_by from queued_mail;

-- Objects whose body is gone. They are deleted from the blob store when no backup needs them any more.
create table queue_object (
    object uuid        primary key,
    since  timestamptz not null
);

create index queue_object_since on queue_object (since);
