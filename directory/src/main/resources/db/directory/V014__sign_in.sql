-- When somebody signed out everywhere last: no access token of a provider that was issued before opens anything (directory.signin.AccessTokens).
alter table account add column signed_out timestamptz;

-- The telephones' secrets are sealed with a key that is in a file; without a name of a key a secret is not sealed yet.
alter table second_factor add column key_name bytea check (length(key_name) = 8);
