package tg.gouv.messagerie.directory;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Look-ups in the directory, as every other capability makes them. May be called from any thread that may block.
 *
 * <p>All methods throw {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer: « unknown »
 * is never said for « could not ask ».
 */
public interface Directory {
    /** The domains whose mail is ours. */
    Set<String> domains();

    /** The account to which an address delivers; a sub-address ({@code ama+projets@}) is its account's. */
    Optional<Account> byAddress(MailAddress address);

    /** The accounts of many addresses at once, in one query; an address nobody has is absent. */
    Map<MailAddress, Account> byAddresses(Collection<MailAddress> addresses);

    /** The account with this id. */
    Optional<Account> byId(AccountId id);

    /** The function mailboxes this account may use now, with what it may do there. */
    Map<Account, FunctionAccess> functionMailboxes(AccountId holder);
}
