-- What became of accepted mail (mail.postgres.PostgresTraces): light records, written by the statements that accept, deliver and
-- give up, without content and without subject; they outlive the mail, so nothing refers to it. Kept for mail.trace.retention.
--
-- Few indexes, for every accepted message writes here: who asks by address reads a stretch of time, found by brin.

create table trace_accepted (
    queue_id   uuid        primary key, -- of queue_mail, while it was there
    at         timestamptz not null,
    name       text        not null,    -- by which the log knows it
    message_id text,                    -- of its header
    sender     text,                    -- null is the null reverse-path
    recipients text[]      not null,
    size_bytes bigint      not null,
    door       text,                    -- smtp, submission, lmtp; null: the program itself
    client     text,
    account    text,                    -- who had signed in
    parent     uuid                     -- the mail whose delivery brought it forth: a redirect, an answer, a notification
);

create index trace_accepted_at on trace_accepted using brin (at);
create index trace_accepted_message_id on trace_accepted (message_id) where message_id is not null;
create index trace_accepted_parent on trace_accepted (parent) where parent is not null;

create table trace_outcome (
    queue_id  uuid        not null,
    at        timestamptz not null,
    recipient text,                 -- null: all who were left
    outcome   text        not null, -- delivered, forwarded, discarded, outgoing, failed, aside, and an operator's: deleted, returned
    detail    text                  -- the mailbox's kind, or why
);

create index trace_outcome_queue on trace_outcome (queue_id);
create index trace_outcome_at on trace_outcome using brin (at);
