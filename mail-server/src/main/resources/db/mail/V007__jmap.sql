-- What JMAP needs beyond mailboxes: its states, which are derived (mail.postgres.JmapStates), and what it keeps of its own
-- (mail.jmap.postgres).
--
-- Every change in an account's mailboxes takes the next MODSEQ of the account: one number says what changed since, for IMAP
-- (RFC 7162) and for JMAP (RFC 8620 section 5.2). The row is the account's lock. Order of locks from here on: account_counter by
-- ascending owner_id, then as before (V002__mailbox.sql).

create table account_counter (
    owner_id       uuid   primary key,
    -- Tells this row from one that another life of the database, or of the account, made: it is a part of every state.
    salt           int    not null default floor(random() * 2147483647)::int,
    highest_modseq bigint not null default 0,
    emails         bigint not null default 0, -- the last MODSEQ that changed a message
    mailboxes      bigint not null default 0, -- the last MODSEQ that changed a mailbox, or how many messages it has
    forgotten      bigint not null default 0  -- what was destroyed up to this MODSEQ is not all known any more
) with (fillfactor = 20);

-- When a row came, in the account's numbers: what came after a state is created, what was there is updated.
alter table mailbox_message add column created_modseq bigint not null default 0;
alter table mailbox
    add column created_modseq bigint not null default 0,
    add column changed_modseq bigint not null default 0; -- its name, rights or subscription
alter table mailbox_counter
    add column counts_modseq bigint not null default 0; -- how many messages it has, or how many of them are unseen

-- A mailbox that goes leaves behind what was in it: nobody can select it, but its messages are destroyed for JMAP.
alter table expunged
    drop constraint expunged_mailbox_id_fkey,
    add column message_id uuid,
    add column created_modseq bigint not null default 0,
    add column at timestamptz not null default now();

create index expunged_at on expunged using brin (at);

create table destroyed_mailbox (
    owner_id       uuid   not null,
    mailbox_id     bigint not null,
    created_modseq bigint not null,
    modseq         bigint not null,
    at             timestamptz not null default now(),
    primary key (owner_id, mailbox_id)
);

create index destroyed_mailbox_id on destroyed_mailbox (mailbox_id);

insert into account_counter(owner_id, highest_modseq, emails, mailboxes, forgotten)
    select owner_id, highest, highest, highest, highest
    from (select owner_id, max(highest_modseq) + 1 as highest
          from mailbox join mailbox_counter on mailbox_id = id group by owner_id) n;

-- What JMAP keeps of its own. Rows belong to accounts of the directory; no foreign key leads out of this schema.

create table jmap_identity (
    owner_id       uuid not null,
    id             uuid not null,
    sort_order     int  not null,
    name           text not null,
    email          text not null,
    reply_to       jsonb, -- a list of name and email
    bcc            jsonb,
    text_signature text not null,
    html_signature text not null,
    primary key (owner_id, id)
);

-- Bytes that a client sent and may name in a message (RFC 8620 section 6.1): small ones here, others as an object.
create table jmap_upload (
    id           uuid   primary key,
    owner_id     uuid   not null,
    at           timestamptz not null,
    content_type text   not null,
    size_bytes   bigint not null,
    bytes        bytea,
    object       uuid,
    check ((bytes is null) <> (object is null))
);

alter table jmap_upload alter column bytes set storage external;
create index jmap_upload_owner on jmap_upload (owner_id, at);
create index jmap_upload_at on jmap_upload (at);

create table jmap_push_subscription (
    owner_id          uuid not null,
    id                uuid not null,
    device_client_id  text not null,
    url               text not null,
    p256dh            text,
    auth              text,
    verification_code text not null,
    validated         boolean not null,
    expires           timestamptz not null,
    types             text[] not null,
    primary key (owner_id, id),
    unique (owner_id, device_client_id),
    check ((p256dh is null) = (auth is null))
);

-- The first words of a message and whether it has attachments, computed when JMAP first shows it.
create table jmap_preview (
    message_id     uuid    primary key references message on delete cascade,
    preview        text    not null,
    has_attachment boolean not null
);

-- What happened to something that is the sum of its events, such as an account's JMAP filters.
create table event (
    aggregate text  not null,
    event_id  int   not null,
    type      text  not null,
    body      jsonb not null,
    primary key (aggregate, event_id)
);

-- Who may act for whom, as James's extension of JMAP grants it.
create table delegation (
    owner_id    uuid not null,
    delegate_id uuid not null,
    primary key (owner_id, delegate_id)
);

create index delegation_delegate on delegation (delegate_id);
