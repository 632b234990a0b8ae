-- One-time codes with which people give their accounts a password (directory.activation).

-- At most one for an account; a new one takes the place of the one before, and its use removes it. The code itself is nowhere: hash is
-- Argon2id's, as of a password.
create table activation_code (
    account_id   uuid        primary key,
    account_kind text        not null generated always as ('person') stored,
    hash         text        not null check (hash like '$argon2id$%'),
    issued       timestamptz not null,
    expires      timestamptz not null check (expires > issued),
    foreign key (account_id, account_kind) references account (id, kind)
);
create index activation_code_expires on activation_code (expires);
