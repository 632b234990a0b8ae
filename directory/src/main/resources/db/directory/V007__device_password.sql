-- What opens an account beside its main password, and what ends the sessions that were opened.

-- Passwords that the program made for one device each, of 128 random bits; the digest is SHA-256 of the account's id and those bits, of
-- which none can be guessed. One that is revoked is not here any more.
create table device_password (
    id           uuid        primary key,
    account_id   uuid        not null,
    account_kind text        not null generated always as ('person') stored,
    name         text        not null check (length(name) between 1 and 100),
    protocols    text[]      not null check (cardinality(protocols) > 0
        and protocols <@ array['imap', 'smtp', 'managesieve', 'jmap', 'dav', 'ldap']),
    digest       bytea       not null check (length(digest) = 32),
    made         timestamptz not null,
    expires      timestamptz check (expires > made),
    -- its last use, to some minutes
    used         timestamptz,
    used_network cidr,
    used_by      text        check (used_by = any(protocols)),
    unique (account_id, name),
    foreign key (account_id, account_kind) references account (id, kind),
    check (num_nulls(used, used_network, used_by) in (0, 3))
);

-- How often the account signed out everywhere: what was opened before the last time ends.
alter table account add column sign_outs bigint not null default 0;
