-- What was refused at the door (mail.postgres.PostgresRefusals): a row for each recipient at most, or one for a MAIL; never content.
-- Written a moment after the refusal, which does not wait for it. Kept for mail.trace.retention, and mail.trace.refusals-max rows at most.

create table trace_refused (
    id        uuid        not null default gen_random_uuid(),
    at        timestamptz not null,
    door      text        not null, -- smtp, submission, lmtp
    session   text        not null, -- by which the log knows the connection
    client    text        not null,
    account   text,                 -- who had signed in
    sender    text        not null, -- '' is the null reverse-path
    recipient text,                 -- null: it was refused before one was named
    reply     text        not null  -- what the client was told
);

create index trace_refused_at on trace_refused using brin (at);
