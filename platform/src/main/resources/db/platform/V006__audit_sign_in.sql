-- Who signed in where, for the account's owner: however much else they did.
create index audit_event_sign_in on audit_event (actor, number) where act = 'sign-in';
