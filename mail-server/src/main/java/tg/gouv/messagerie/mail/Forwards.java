package tg.gouv.messagerie.mail;

import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * Where the mail of an account goes on to. A forward is a part of the account's active filter (RFC 5228): programs that change filters see
 * it, and it ends with the filter when the person leaves. Each address that is added or goes, by whatever door, is a row of the audit trail.
 *
 * <p>Who may ask is the caller's to judge. Every method throws {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL
 * does not answer; nothing was changed then.
 */
public interface Forwards {
    /** Where the mail of an account goes on to now. */
    Now of(AccountId owner);

    /** Whether addresses outside the domains of the directory are allowed. */
    boolean allowsOutside();

    /** Whether an address is outside the domains of the directory. */
    boolean isOutside(MailAddress address);

    /** What {@link #set} would answer; nothing changes. */
    Outcome rehearse(Account owner, Forward forward);

    /** Sets the forward of an account in place of the one before. */
    Outcome set(Account owner, Forward forward);

    /** Ends it; other lines of the filter stay. Returns whether there was one. */
    boolean stop(AccountId owner);

    /**
     * A forward.
     *
     * @param to at least one address, each once
     * @param keeps whether a copy stays
     */
    record Forward(List<MailAddress> to, boolean keeps) {
        public Forward {
            to = to.stream().distinct().toList();
            if (to.isEmpty()) {
                throw new IllegalArgumentException("a forward leads somewhere");
            }
        }
    }

    /**
     * Where mail goes.
     *
     * @param forward as {@link #set} left it
     * @param filter the active filter's name
     * @param others addresses to which other lines of that filter may redirect
     */
    record Now(Optional<Forward> forward, Optional<String> filter, List<String> others) {
        public Now {
            others = List.copyOf(others);
        }
    }

    /** What became of a forward. */
    sealed interface Outcome {
        /** It is set, or could be. */
        record Done() implements Outcome {}

        /** An address is not taken. */
        record Refused(Why why, MailAddress address) implements Outcome {}

        /** There are too many addresses, with those of the filter's other lines. */
        record TooMany(int most) implements Outcome {}

        /** The filters of the account have no room left. */
        record NoRoom() implements Outcome {}
    }

    /** Why an address is not taken. */
    enum Why {
        /** It is the account's own. */
        OWN,
        /** It is outside, and that is not allowed. */
        OUTSIDE,
        /** It is in a domain of ours, and nobody's. */
        NOBODY,
        /** Its owner's mail comes back to this account. */
        COMES_BACK
    }
}
