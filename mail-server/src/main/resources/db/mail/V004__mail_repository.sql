-- Mail that is put aside, such as what could not be delivered: James's mail repositories (mail.postgres.PostgresMailRepository).

-- Every repository that was ever used.
create table mail_repository (
    url text primary key
);

-- Texts are escaped (mail.postgres.EscapedText): PostgreSQL refuses U+0000, which mail may contain. JSON is kept as it was written.
create table repository_mail (
    id                uuid        primary key,
    url               text        not null,
    key               text        not null, -- of its repository; James's is the mail's name
    stored            timestamptz not null,
    name              text        not null,
    sender            text,                 -- null is the null sender (RFC 5321 section 4.5.5)
    recipients        text[]      not null,
    state             text,
    error_message     text,
    remote_host       text,
    remote_addr       text,
    last_updated      timestamptz,
    attributes        json        not null,
    recipient_headers json        not null,
    has_message       boolean     not null,
    header            bytea       not null,
    body_id           uuid        references body,
    size_bytes        bigint      not null
);

-- A key may be longer than an entry of an index.
create unique index repository_mail_key on repository_mail (url, md5(key));
create index repository_mail_body on repository_mail (body_id);

-- Queued mail and mail that is put aside name their bodies too.
create or replace view named_body as
    select body_id from message
    union all
    select body_id from queue_mail where body_id is not null
    union all
    select body_id from repository_mail where body_id is not null;

-- What was put aside in queues of its own until now.
insert into mail_repository(url)
    select distinct 'postgresql://' || substring(queue from 11) from queue_mail where queue like 'put-aside:%';
insert into repository_mail(id, url, key, stored, name, sender, recipients, state, error_message, remote_host, remote_addr,
        last_updated, attributes, recipient_headers, has_message, header, body_id, size_bytes)
    select distinct on (queue, name) id, 'postgresql://' || substring(queue from 11), name, enqueued, name, sender, recipients,
        state, error_message, remote_host, remote_addr, last_updated, attributes::text::json, recipient_headers::text::json,
        has_message, header, body_id, size_bytes
    from queue_mail where queue like 'put-aside:%' order by queue, name, enqueued desc;
delete from queue_mail where queue like 'put-aside:%';
