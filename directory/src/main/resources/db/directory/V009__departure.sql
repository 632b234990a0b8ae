-- Who has left, until when their address still receives, and who reads and answers for them meanwhile.
create table departure (
    account_id uuid primary key references account,
    reader_id  uuid references account check (reader_id <> account_id),
    answer     text collate "C" references address, -- to which whoever writes is told to write
    until      timestamptz not null,
    made       timestamptz not null
);
create index departure_reader on departure (reader_id);
create index departure_until on departure (until);
