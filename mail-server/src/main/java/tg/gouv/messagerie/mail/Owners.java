package tg.gouv.messagerie.mail;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;

/**
 * Who owns mailboxes: what the store needs of the directory.
 *
 * <p>Rows name an account by its id, for ever; James names it by a user name, its primary address, which may change.
 */
public interface Owners {
    /** The account that James means; former addresses count too. */
    Optional<AccountId> byName(String username);

    /** The present user names of many accounts at once; an account that does not exist is absent. */
    Map<AccountId, String> names(Collection<AccountId> ids);
}
