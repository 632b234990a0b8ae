package tg.gouv.messagerie.mail.james;

import tg.gouv.messagerie.mail.jmap.postgres.PostgresJmap;
import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;

/** Where mail is kept: what is in mailboxes, what waits for its delivery, and what JMAP keeps beside. */
record MailStorage(PostgresMappers mappers, PostgresMailQueues queues, PostgresJmap jmap) {}
