-- Erasure of one person's data, and what keeps it (directory.provisioning.LifeCycle.Erasure).

-- What is left of who was erased: the id, by which the audit trail and the history of positions and rights name them.
alter table account add column erased timestamptz check (erased is null or state = 'closed');

-- Whose data must not be erased, though their time is over: a court, an inquiry.
create table legal_hold (
    account_id uuid        primary key references account,
    reason     text        not null check (length(reason) between 1 and 200),
    held_by    text        not null, -- as the audit trail writes an actor
    made       timestamptz not null
);

-- Of an address, or of a name in LDAP: equal ones have the same.
create function address_digest(address text) returns bytea language sql immutable strict parallel safe
    return sha256(convert_to('messagerie address:' || address, 'UTF8'));

-- Addresses and names in LDAP of those who were erased: nobody is given one, and nobody can read them here.
create table reserved_address (
    digest bytea       primary key check (length(digest) = 32),
    since  timestamptz not null
);
