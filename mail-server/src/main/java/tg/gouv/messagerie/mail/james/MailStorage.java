package tg.gouv.messagerie.mail.james;

import java.util.UUID;
import tg.gouv.messagerie.mail.Owners;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;

/**
 * Where mail is kept.
 *
 * @param connections of the schema {@code mail}, for mailboxes
 * @param queue of the same schema, for accepted mail: a busy mailbox does not keep mail from being accepted
 * @param node which node this is
 */
record MailStorage(Connections connections, Connections queue, Blobs blobs, Owners owners, UUID node) {}
