-- What people set for their mail (mail.postgres.PostgresRepositories): filters.
--
-- owner_id is an account of the directory; no foreign key leads out of this schema.

-- Who has filters, or may have so many bytes of them; its row is the lock of the account's filters. Without an owner: everybody's
-- quota.
create table sieve_owner (
    owner_id    uuid unique nulls not distinct,
    quota_bytes bigint
);

create table sieve_script (
    owner_id  uuid  not null,
    name      text  not null check (octet_length(name) <= 512),
    content   bytea not null,
    activated timestamptz, -- since when it is the one that runs
    primary key (owner_id, name)
);

create unique index sieve_script_active on sieve_script (owner_id) where activated is not null;
