-- Mailboxes and what is in them: James's mailbox store (mail.postgres.PostgresMappers).
--
-- The lock of a mailbox is its row of mailbox_counter: whoever changes rows of mailbox_message holds it. Order of locks: counters
-- by ascending mailbox_id, then message by ascending id, then released by ascending body_id, then body.

create table mailbox (
    id           bigint generated always as identity primary key,
    owner_id     uuid   not null, -- an account of the directory; no foreign key leads out of this schema
    namespace    text   not null,
    name         text   not null check (octet_length(name) <= 255),
    uid_validity bigint not null,
    acl          jsonb  not null default '{}', -- RFC 4314 rights by identifier; people by account id
    keywords     text[] not null default '{}', -- every keyword ever used here; only grows
    unique (owner_id, namespace, name)
);

create index mailbox_acl on mailbox using gin (acl) where acl <> '{}';

-- Updated by every change of the mailbox: pages are left mostly empty so that the new version of the row stays on its page.
create table mailbox_counter (
    mailbox_id      bigint primary key references mailbox on delete cascade,
    last_uid        bigint not null default 0,
    highest_modseq  bigint not null default 0,
    messages        bigint not null default 0,
    unseen          bigint not null default 0,
    recent_from_uid bigint not null default 1, -- from here on no session was told of the messages (RFC 3501 section 2.3.2)
    bytes           bigint not null default 0
) with (fillfactor = 20);

-- A message is parsed once, when it arrives. It goes with the last row of mailbox_message that names it.
create table message (
    id                uuid   primary key,
    body_id           uuid   not null references body,
    size              bigint not null, -- header and body
    body_start        int    not null, -- the header's length
    lines             bigint,
    header            bytea  not null,
    thread_id         uuid   not null,
    sent_date         timestamptz,
    base_subject      text,            -- RFC 5256 section 2.1
    from_             text,            -- the first address, lower case
    to_               text,
    message_id_header text,
    in_reply_to       text,
    references_       text[] not null default '{}',
    properties        jsonb  not null, -- as James's Properties
    attachments       jsonb  not null  -- what James lists of them; their bytes are read out of the message
);

create index message_body on message (body_id);

-- No foreign key to mailbox: the counter's lock stands for it, and every insert would write to the mailbox's row.
create table mailbox_message (
    mailbox_id    bigint      not null,
    uid           bigint      not null,
    modseq        bigint      not null,
    message_id    uuid        not null references message,
    thread_id     uuid        not null,
    flags         smallint    not null, -- 1 answered, 2 deleted, 4 draft, 8 flagged, 16 never recent, 32 seen
    user_flags    text[]      not null default '{}',
    internal_date timestamptz not null,
    save_date     timestamptz,
    size          bigint      not null,
    primary key (mailbox_id, uid)
) with (fillfactor = 85);

create index mailbox_message_modseq on mailbox_message (mailbox_id, modseq);
create index mailbox_message_message on mailbox_message (message_id);
create index mailbox_message_unseen on mailbox_message (mailbox_id, uid) where (flags & 32) = 0;
create index mailbox_message_deleted on mailbox_message (mailbox_id, uid) where (flags & 2) <> 0;

-- Which messages went, for QRESYNC (RFC 7162 section 3.2).
create table expunged (
    mailbox_id bigint not null references mailbox on delete cascade,
    uid        bigint not null,
    modseq     bigint not null,
    primary key (mailbox_id, uid)
);

create index expunged_modseq on expunged (mailbox_id, modseq);

create table subscription (
    owner_id uuid not null,
    mailbox  text not null check (octet_length(mailbox) <= 1024),
    primary key (owner_id, mailbox)
);

-- RFC 5464; without a mailbox, an entry of the server.
create table annotation (
    mailbox_id bigint references mailbox on delete cascade,
    key        text not null,
    value      text not null,
    unique nulls not distinct (mailbox_id, key)
);

-- Everything that names a body. Who adds a table whose rows share bodies (a queue) does so in a later migration: a column
-- body_id with a foreign key to body and an index, and
--     create or replace view named_body as
--         select body_id from message union all select body_id from that_table;
-- and calls ReleasedBodies.release in the transaction in which a row of it goes (mail.postgres.ReleasedBodies).
create view named_body as select body_id from message;

-- Bodies that something stopped naming, since when; perhaps others still name them.
create table released (
    body_id uuid        primary key,
    since   timestamptz not null
);

create index released_since on released (since);

-- Objects whose body is gone: to be deleted from the blob store.
create table unnamed_object (
    object uuid primary key
);
