-- The audit trail (platform.audit): what an act writes in its own transaction waits in audit_pending, and is moved by the
-- sealer into audit_event, a chain that only grows.

create table audit_pending (
    id           uuid        primary key,
    -- The act's transaction: what was committed before an act began is sealed before it.
    xid          xid8        not null default pg_current_xact_id(),
    recorded     timestamptz not null default clock_timestamp(),
    format       smallint    not null,
    began        timestamptz not null,
    ended        timestamptz not null,
    times        bigint      not null,
    act          text        not null,
    actor        text        not null,
    on_behalf_of text,
    subject      text        not null,
    counterpart  text,
    network      text,
    protocol     text,
    outcome      text        not null
);

create table audit_event (
    number       bigint      primary key,
    -- SHA-256 over the link before, the number and the row.
    link         bytea       not null,
    id           uuid        not null,
    format       smallint    not null,
    began        timestamptz not null,
    ended        timestamptz not null,
    times        bigint      not null,
    act          text        not null,
    actor        text        not null,
    on_behalf_of text,
    subject      text        not null,
    counterpart  text,
    network      text,
    protocol     text,
    outcome      text        not null
);

create index audit_event_actor on audit_event (actor, number);
create index audit_event_began on audit_event (began);

-- The one chain of this database, and where it has come to.
create table audit_chain (
    id           uuid        primary key,
    the_only     boolean     not null default true unique check (the_only),
    begun        timestamptz not null,
    last_number  bigint      not null,
    last_link    bytea       not null
);

-- Signed: « the chain up to this number has this link ». The line is what leaves the machine.
create table audit_head (
    number       bigint      primary key,
    signed       timestamptz not null,
    line         text        not null
);

-- How far each sink outside has the heads.
create table audit_sink (
    name         text        primary key,
    last_number  bigint      not null
);
