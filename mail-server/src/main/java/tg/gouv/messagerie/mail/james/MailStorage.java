package tg.gouv.messagerie.mail.james;

import tg.gouv.messagerie.mail.Owners;
import tg.gouv.messagerie.mail.postgres.PostgresMailQueues;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;

/**
 * Where mail is kept.
 *
 * @param connections of the schema {@code mail}
 */
record MailStorage(Connections connections, Blobs blobs, Owners owners, PostgresMailQueues queues) {}
