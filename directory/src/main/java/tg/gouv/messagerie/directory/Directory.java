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

    /**
     * The account to which an address delivers; a sub-address ({@code ama+projets@}) is its account's, a former address
     * still delivers. Accounts that do not receive ({@link Account.State#receives()}) are absent.
     */
    Optional<Account> byAddress(MailAddress address);

    /**
     * The accounts of many addresses at once, as {@link #byAddress}, in one query per 5,000; an address nobody has is
     * absent.
     */
    Map<MailAddress, Account> byAddresses(Collection<MailAddress> addresses);

    /** Whether an address is that of a room, or of a thing that is lent: it has no mailbox, one books it with a calendar. */
    boolean isRoom(MailAddress address);

    /** The account with this id, whatever its state. */
    Optional<Account> byId(AccountId id);

    /** The accounts with these ids, whatever their state, in one query per 5,000; an id nobody has is absent. */
    Map<AccountId, Account> byIds(Collection<AccountId> ids);

    /**
     * The function mailboxes this account may use now, through the positions it holds now, with what it may do there. A
     * holder or a mailbox that is not active opens nothing.
     */
    Map<Account, FunctionAccess> functionMailboxes(AccountId holder);
}
