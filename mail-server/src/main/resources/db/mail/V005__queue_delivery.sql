-- The queue: who works on a mail, what a crash interrupted, and for which recipients a mail was delivered already.

-- As texts of repository_mail; a text without backslash and U+0000 is what it was.
alter table queue_mail
    alter column attributes type json using attributes::text::json,
    alter column recipient_headers type json using recipient_headers::text::json;

-- lease: one claim, the proof of whoever works on the mail. lease_life: one life of the program of lease_node. begun: since when the
-- mail is really worked on; a mail that is only claimed waits in the program's memory. interrupted: how often a lease ended while
-- the mail was worked on.
-- attempts counts failures from now on; it is changed with what became of the attempt.
alter table queue_mail
    add column lease       uuid,
    add column lease_life  uuid,
    add column begun       timestamptz,
    add column interrupted int not null default 0;

-- Nothing is held any more: what cannot be delivered goes to the error repository. What was held is tried anew.
update queue_mail set attempts = 0 where held is not null;
drop index queue_mail_next;
drop index queue_mail_lease; -- so that taking and giving back a lease changes no index
alter table queue_mail drop column held;
alter table queue_mail
    set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- A claim reads one range of it per priority, so delayed mail is not in its way.
create index queue_mail_next on queue_mail (queue, priority, due, id);

-- For whom a mail was delivered: a row is committed together with what the delivery did, and goes with the mail.
create table delivered (
    queue_id  uuid not null references queue_mail on delete cascade,
    recipient text not null,
    primary key (queue_id, recipient)
);

-- Objects that were about to be written, since when: what is old and of no body was left by a crash (mail.postgres.ReleasedBodies).
create table arriving_object (
    object uuid        primary key,
    since  timestamptz not null
);

create index body_object on body (object) where object is not null;
