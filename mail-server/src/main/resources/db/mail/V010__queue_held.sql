-- Mail that an operator holds is not leased.

alter table queue_mail add column held_since timestamptz;

-- Held mail is not in the way of what a claim reads.
drop index queue_mail_next;
create index queue_mail_next on queue_mail (queue, priority, due, id) where held_since is null;
