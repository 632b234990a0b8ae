-- Mailboxes and their messages (mail.postgres). UID, UIDVALIDITY, MODSEQ and \Recent are those of RFC 9051 and RFC 7162.

create table mailbox (
    id           bigint generated always as identity primary key,
    -- An account of schema directory; no foreign key leads out of this schema.
    owner_id     uuid   not null,
    namespace    text   not null,
    name         text   not null,
    uid_validity bigint not null,
    -- Rights (RFC 4314) by identifier; a user is named by the account's id.
    acl          jsonb  not null default '{}',
    -- Every keyword ever used in it: the set only grows.
    keywords     text[] not null default '{}',
    unique (owner_id, namespace, name)
);

create index mailbox_acl on mailbox using gin (acl) where acl <> '{}';

-- The lock of a mailbox: whoever changes it takes this row first, of several mailboxes in ascending order, and allocates UID
-- and MODSEQ here, so that the order of allocation is the order of commit. Every update is in place (HOT).
create table mailbox_counter (
    mailbox_id      bigint primary key references mailbox on delete cascade,
    last_uid        bigint not null default 0,
    highest_modseq  bigint not null default 0,
    messages        bigint not null default 0,
    unseen          bigint not null default 0,
    bytes           bigint not null default 0,
    -- \Recent is on messages from this UID on: seeing them moves the mark, and changes no message.
    recent_from_uid bigint not null default 1
) with (fillfactor = 20);

-- A message, parsed once; its exact bytes are header and body.
create table message (
    id                uuid   primary key,
    body_id           uuid   not null references body,
    size_bytes        bigint not null,
    body_start        int    not null,
    lines             bigint,
    properties        jsonb  not null,
    attachments       jsonb  not null,
    header            bytea  not null,
    sent_date         timestamptz,
    base_subject      text,
    from_             text,
    to_               text,
    message_id_header text,
    in_reply_to       text,
    references_       text[] not null default '{}'
);

create index message_body on message (body_id);

-- A message in a mailbox.
create table mailbox_message (
    mailbox_id    bigint      not null references mailbox on delete cascade,
    uid           bigint      not null,
    modseq        bigint      not null,
    message_id    uuid        not null references message,
    thread_id     uuid        not null,
    -- 1 answered, 2 deleted, 4 draft, 8 flagged, 16 came as recent, 32 seen
    flags         smallint    not null,
    user_flags    text[]      not null default '{}',
    internal_date timestamptz not null,
    save_date     timestamptz,
    size_bytes    bigint      not null,
    primary key (mailbox_id, uid)
) with (fillfactor = 85);

create index mailbox_message_modseq on mailbox_message (mailbox_id, modseq);
create index mailbox_message_message on mailbox_message (message_id);
create index mailbox_message_unseen on mailbox_message (mailbox_id, uid) where flags & 32 = 0;
create index mailbox_message_deleted on mailbox_message (mailbox_id, uid) where flags & 2 <> 0;

-- What was removed, for clients that come back (RFC 7162 section 3.2.10, VANISHED).
create table expunged (
    mailbox_id bigint not null references mailbox on delete cascade,
    uid        bigint not null,
    modseq     bigint not null,
    primary key (mailbox_id, uid)
);

create index expunged_modseq on expunged (mailbox_id, modseq);

create table subscription (
    owner_id uuid not null,
    mailbox  text not null,
    primary key (owner_id, mailbox)
);

-- RFC 5464; keys in lower case.
create table annotation (
    mailbox_id bigint not null references mailbox on delete cascade,
    key        text   not null,
    value      text   not null,
    primary key (mailbox_id, key)
);

-- Messages that left their last mailbox perhaps: after the retention a sweep removes those that are in none.
create table released (
    message_id uuid        primary key,
    since      timestamptz not null
);

create index released_since on released (since);

-- Objects of the blob store that no body names any more; the row goes after the object.
create table released_object (
    object uuid primary key
);
