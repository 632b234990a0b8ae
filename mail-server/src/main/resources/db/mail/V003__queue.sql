-- Accepted mail that waits for its delivery (mail.postgres.PostgresMailQueue): a row is committed before a client is told 250.

create table queue_mail (
    id              uuid        primary key,
    queue           text        not null,
    -- 9 is the most urgent.
    priority        smallint    not null,
    due             timestamptz not null,
    -- Whose it is until when; nobody's when null. The attempt is counted by the claim itself, before any work.
    lease_node      uuid,
    lease_until     timestamptz,
    attempts        int         not null default 0,
    -- Why it waits for an administrator; such a mail is not claimed.
    held            text,
    enqueued        timestamptz not null,
    name            text        not null,
    sender          text,
    recipients      text[]      not null,
    state           text,
    error_message   text,
    remote_host     text,
    remote_addr     text,
    last_updated    timestamptz,
    attributes      jsonb       not null,
    -- Headers for one recipient only, as objects: recipient, name, value.
    recipient_headers jsonb     not null,
    has_message     boolean     not null,
    header          bytea       not null,
    body_id         uuid        references body,
    size_bytes      bigint      not null
);

-- The next mail of a queue is the first row of this index.
create index queue_mail_next on queue_mail (queue, priority desc, due, id) where held is null;
create index queue_mail_body on queue_mail (body_id);
create index queue_mail_lease on queue_mail (lease_node) where lease_node is not null;
