-- What was answered to requests that carry a key of their sender's, so that a request whose answer was lost is not done twice
-- (directory.provisioning.RememberedRequests).

create table request_key (
    account_id uuid           not null references account on delete cascade, -- whose request it was
    key        text collate "C" not null check (length(key) between 1 and 100),
    request    bytea          not null check (length(request) = 32), -- SHA-256 of what was asked
    status     int            not null check (status between 200 and 299),
    body       text, -- null: nothing, or a secret, which is shown once and kept nowhere
    tag        text,
    secret     boolean        not null check (not secret or num_nonnulls(body, tag) = 0),
    made       timestamptz    not null,
    primary key (account_id, key)
);
create index request_key_made on request_key (made);
