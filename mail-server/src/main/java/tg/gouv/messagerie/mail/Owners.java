package tg.gouv.messagerie.mail;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * Who owns mailboxes: what the store needs of the directory.
 *
 * <p>Rows name an account by its id, for ever; James names it by its primary address, which may change.
 */
public interface Owners {
    /** The account with this primary, alias or former address. */
    Optional<AccountId> byAddress(MailAddress address);

    /** The primary addresses of many accounts at once; an account that does not exist is absent. */
    Map<AccountId, MailAddress> primaryAddresses(Collection<AccountId> ids);
}
