-- Who imports now, for who waits. The turn itself is an advisory lock, which ends with its connection: what stands here when nobody has
-- that lock is past.
create table import_turn (
    one    boolean     primary key default true check (one),
    holder text        not null,
    what   text        not null check (length(what) <= 200),
    since  timestamptz not null
);
