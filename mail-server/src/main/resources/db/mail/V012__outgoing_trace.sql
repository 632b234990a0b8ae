-- The path of mail to other servers, and of what was refused at the door (mail.postgres.PostgresTraces).

-- As which mail of the queue the message was accepted, so that its steps are told there; null: it was under way before.
alter table outgoing_mail add column queue_id uuid;
create index outgoing_mail_queue on outgoing_mail (queue_id) where queue_id is not null;

-- Outcomes of trace_outcome for a recipient on another server: outgoing (queued; the destination), outgoing_delivered,
-- outgoing_deferred, outgoing_failed, outgoing_dead (each with the server and what it said).
