-- When somebody signed out everywhere last: no access token of a provider that was issued before opens anything (directory.signin.AccessTokens).
alter table account add column signed_out timestamptz;
