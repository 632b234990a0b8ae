package tg.gouv.messagerie.directory.provisioning;

import java.util.Locale;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * An account that an act made active for the first time, as it was when the act ended.
 *
 * @param primary where its mail is addressed
 * @param language in which the program writes to a person; French for a function mailbox
 */
public record Activation(
        AccountId account, Account.Kind kind, MailAddress primary, String displayName, Locale language) {}
