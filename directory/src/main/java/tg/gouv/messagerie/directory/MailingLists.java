package tg.gouv.messagerie.directory;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Addresses that deliver to everybody in a group, as mail asks about them. May be called from any thread that may block.
 *
 * <p>All methods throw {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
public interface MailingLists {
    /** The open lists that have these addresses, in one query; an address that is no list's is absent. */
    Map<MailAddress, Found> byAddresses(Collection<MailAddress> addresses);

    /**
     * Where a list's mail goes now: the primary addresses of everybody in its group who receives, each once, in their order.
     *
     * @param after the address before the page
     * @param most how many addresses at most
     */
    List<MailAddress> readers(AccountId list, Optional<MailAddress> after, int most);

    /** Whether somebody is in a list's group now, themselves or by a function mailbox that they hold. */
    boolean isMember(AccountId list, AccountId account);

    /** A list that is open. */
    record Found(AccountId id, MailAddress address, String name, Writers writers, MailAddress owner) {}

    /** Who may write to a list. */
    enum Writers {
        /** Anybody who may write to the State. */
        ANYONE,
        /** Whoever has an address of the State. */
        STATE,
        /** Whoever is in the group. */
        MEMBERS;

        /** The word in the table, at the command line and in REST. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Those of this word.
         *
         * @throws IllegalArgumentException if there are none
         */
        public static Writers of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
