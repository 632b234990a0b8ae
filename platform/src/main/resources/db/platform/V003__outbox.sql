-- Work between capabilities (platform.outbox): added by the transaction of the act that causes it.

create sequence outbox_number;

-- Parts by the time a message was added; what is handled is deleted, and a part that is over and empty is dropped, so that dead
-- rows never pile up, not even while an old snapshot keeps vacuum from removing them.
create table outbox (
    made         timestamptz not null default clock_timestamp(),
    -- The order of acts: a number is drawn by the insert, so an act that waited for another one has a greater one.
    number       bigint      not null default nextval('outbox_number'),
    id           uuid        not null,
    topic        text        not null,
    ordering_key text,
    payload      text        not null,
    -- When it may be claimed; a claim puts it to the end of the lease.
    due          timestamptz not null,
    -- Counted by the claim, committed before the work.
    attempts     int         not null default 0,
    claim        uuid,
    error        text,
    primary key (made, number)
) partition by range (made);

create index outbox_fresh on outbox (topic, due, number) where attempts = 0;
create index outbox_tried on outbox (topic, due, number) where attempts > 0;
create index outbox_key on outbox (topic, ordering_key, number) where ordering_key is not null;

-- Where a message goes if nobody made the part for its time.
create table outbox_otherwise partition of outbox default;

-- What is due later than the parts that are there; moved into outbox when its time has come.
create table outbox_later (
    number  bigint      primary key default nextval('outbox_number'),
    id      uuid        not null,
    topic   text        not null,
    payload text        not null,
    due     timestamptz not null
);

create index outbox_later_due on outbox_later (due);

-- What was given up.
create table outbox_dead (
    number       bigint      primary key,
    id           uuid        not null unique,
    topic        text        not null,
    ordering_key text,
    payload      text        not null,
    attempts     int         not null,
    died         timestamptz not null default clock_timestamp(),
    error        text        not null
);

create index outbox_dead_topic on outbox_dead (topic, number);
