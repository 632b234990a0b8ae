-- A main password may come from another directory as its hash, until its owner signs in with it (directory.signin.ImportedHash).
alter table credential drop constraint credential_hash_check;
alter table credential add constraint credential_hash_check
    check (hash like '$argon2id$%' or hash ~ '^\{[A-Za-z0-9_-]{1,20}\}[!-~]+$' and length(hash) < 1100);
