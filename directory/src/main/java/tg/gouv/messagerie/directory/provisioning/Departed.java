package tg.gouv.messagerie.directory.provisioning;

import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * An account whose person left, or came back, as it was when the act ended.
 *
 * @param away whether they have left
 * @param answer to which whoever writes to them is told to write instead
 */
public record Departed(AccountId account, String displayName, boolean away, Optional<MailAddress> answer) {}
