package tg.gouv.messagerie.mail.james;

import tg.gouv.messagerie.mail.jmap.postgres.PostgresJmap;
import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;
import tg.gouv.messagerie.mail.postgres.PostgresOutgoing;
import tg.gouv.messagerie.mail.postgres.PostgresRefusals;
import tg.gouv.messagerie.mail.postgres.PostgresRepositories;

/**
 * Where mail is kept: what is in mailboxes, what waits for its delivery here or elsewhere, what accounts have beside, what was
 * refused, and what JMAP keeps.
 */
record MailStorage(
        PostgresMappers mappers,
        PostgresMailQueues queues,
        PostgresOutgoing outgoing,
        PostgresRepositories repositories,
        PostgresRefusals refusals,
        PostgresJmap jmap) {}
