package tg.gouv.messagerie.mail.james;

import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;

/** Where mail is kept: what is in mailboxes, and what waits for its delivery. */
record MailStorage(PostgresMappers mappers, PostgresMailQueues queues) {}
