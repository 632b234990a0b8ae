-- What follows a message's header, written once, named by rows of the queue and of mailboxes (mail.postgres.Bodies).

-- A body of up to 32 KB is here; a larger one is the object of platform.blobs that the row names. No foreign key leads out of
-- this schema.
create table body (
    id         uuid primary key,
    size_bytes bigint not null check (size_bytes >= 0),
    sha256     bytea  not null check (octet_length(sha256) = 32),
    bytes      bytea,
    object     uuid,
    check ((bytes is null) <> (object is null))
);

-- Mail does not compress twice.
alter table body alter column bytes set storage external;
