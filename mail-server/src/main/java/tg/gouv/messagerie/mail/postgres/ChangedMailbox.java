package tg.gouv.messagerie.mail.postgres;

import org.apache.james.core.Username;
import org.apache.james.mailbox.model.MailboxId;

/**
 * Where something happened.
 *
 * @param mailbox may be gone already
 */
public record ChangedMailbox(Username owner, MailboxId mailbox) {}
