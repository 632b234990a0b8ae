-- What was done to one account, and what it did, the newest first: for its owner to see. The pattern class serves mailbox:<account>/%.
create index audit_event_subject on audit_event (subject text_pattern_ops, number);
