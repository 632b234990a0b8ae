-- Large objects, when the settings keep them in the database (platform.blobs).

-- While an object arrives it has neither size nor SHA-256, and no reader sees it.
create table blob (
    id          uuid primary key,
    chunk_bytes int not null,
    size_bytes  bigint,
    sha256      bytea,
    check ((size_bytes is null) = (sha256 is null))
);

create index blob_arriving on blob (id) where sha256 is null;

-- Each chunk but the last has chunk_bytes bytes.
create table blob_chunk (
    blob_id uuid  not null references blob on delete cascade,
    number  int   not null,
    bytes   bytea not null,
    primary key (blob_id, number)
);

-- Mail does not compress twice, and parts are read without the whole.
alter table blob_chunk alter column bytes set storage external;
