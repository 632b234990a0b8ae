-- Sessions of people in a browser (directory.signin.WebSessions). The secret itself is nowhere.
create table web_session (
    hash       bytea       primary key check (length(hash) = 32), -- SHA-256 of 256 random bits; another one each time the secret is
    id         uuid        not null unique, -- stays when the secret changes
    account_id uuid        not null references account on delete cascade,
    -- The password is right and a code is missing: it serves for nothing but to give the code.
    waiting    boolean     not null,
    begun      timestamptz not null,
    seen       timestamptz not null, -- last, to a minute
    proved     timestamptz not null, -- when its owner last showed the main password
    password   timestamptz not null, -- credential.changed of the password on which it stands: with another one it serves no more
    expires    timestamptz not null check (expires > begun),
    network    cidr        not null,
    program    text        not null check (length(program) <= 40) -- empty: not known
);
create index web_session_account on web_session (account_id);
create index web_session_expires on web_session (expires);
