-- Tokens with which programs act for a person (directory.signin.BearerTokens). The token itself is nowhere.
create table bearer_token (
    hash       bytea       primary key check (length(hash) = 32), -- SHA-256 of 256 random bits
    account_id uuid        not null references account,
    issued     timestamptz not null,
    expires    timestamptz not null check (expires > issued),
    network    cidr        not null
);
create index bearer_token_account on bearer_token (account_id);
create index bearer_token_expires on bearer_token (expires);
