-- Who imports now, for who waits. The turn itself is an advisory lock, which ends with its connection: what stands here when nobody has
-- that lock is past.
create table import_turn (
    one    boolean     primary key default true check (one),
    holder text        not null,
    what   text        not null check (length(what) <= 200),
    since  timestamptz not null
);

-- Files that people bring over HTTP: looked at (a dry run), then imported. Kept for a day.
create table import_file (
    id         uuid        primary key,
    account_id uuid        not null references account on delete cascade,
    name       text        not null check (length(name) <= 200),
    language   text        not null check (language in ('fr', 'en')),
    activate   boolean     not null,
    state      text        not null check (state in ('looked', 'running', 'done', 'failed')),
    made       timestamptz not null,
    -- When its import last was seen to run: one that is long silent was killed, and may be begun again.
    beat       timestamptz not null,
    done       bigint      not null default 0,
    total      bigint      not null default 0,
    import_id  uuid,
    failure    text,
    -- What the look, or the import, reported.
    kind       text        not null default '',
    rows       int         not null default 0,
    new        int         not null default 0,
    changed    int         not null default 0,
    unchanged  int         not null default 0,
    refused    int         not null default 0
);
create index import_file_account on import_file (account_id, made);

create table import_file_part (
    file_id uuid  not null references import_file on delete cascade,
    number  int   not null,
    octets  bytea not null,
    primary key (file_id, number)
);

-- What the look told, in its order: problems with where they are, changes, rows that are refused.
create table import_file_line (
    file_id  uuid    not null references import_file on delete cascade,
    channel  text    not null check (channel in ('problem', 'change', 'refused')),
    number   int     not null,
    line     int     not null default 0,
    "column" text    not null default '',
    kind     text    not null default '',
    other    int     not null default 0,
    refuses  boolean not null default false,
    text     text    not null,
    primary key (file_id, channel, number)
);
