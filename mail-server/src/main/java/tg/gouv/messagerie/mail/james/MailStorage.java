package tg.gouv.messagerie.mail.james;

import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;
import tg.gouv.messagerie.mail.postgres.PostgresRepositories;

/** Where mail is kept: what is in mailboxes, what waits for its delivery, and what accounts have beside. */
record MailStorage(PostgresMappers mappers, PostgresMailQueues queues, PostgresRepositories repositories) {}
