-- What administrators were told of: each finding once, until it is over.
create table told (
    finding text        primary key check (length(finding) between 1 and 200),
    told    timestamptz not null default clock_timestamp()
);
