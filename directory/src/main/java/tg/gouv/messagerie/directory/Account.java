package tg.gouv.messagerie.directory;

import java.util.Set;

/**
 * Something that has addresses: a person's account, a function mailbox that a position or an entity owns, a mailing list.
 *
 * @param primary where its mail is addressed, one of {@code addresses}
 * @param addresses every address that delivers to it: primary, aliases, former ones
 * @param displayName as shown to correspondents
 */
public record Account(
        AccountId id, Kind kind, State state, MailAddress primary, Set<MailAddress> addresses, String displayName) {
    public Account {
        addresses = Set.copyOf(addresses);
        if (!addresses.contains(primary)) {
            throw new IllegalArgumentException(
                    "the primary address " + primary + " is not among the account's addresses");
        }
    }

    /** What owns the mailboxes. */
    public enum Kind {
        /** A person, who signs in. */
        PERSON,
        /** A position's or an entity's function: nobody signs in to it, its holders reach it by their rights. */
        FUNCTION,
        /** A mailing list: it has no mailboxes, its address delivers to those in its group ({@link MailingLists}). */
        LIST,
        /** A room or a thing that is lent: it has no mailboxes, one books it with a calendar. */
        ROOM
    }

    /** Where the account is in its life. */
    public enum State {
        /** Made, not yet activated: it neither signs in nor receives. */
        CREATED,
        ACTIVE,
        /** Receives, may not sign in. */
        SUSPENDED,
        /** Left: neither signs in nor receives. */
        CLOSED;

        /** Whether mail is accepted for it. */
        public boolean receives() {
            return this == ACTIVE || this == SUSPENDED;
        }

        /** Whether its secret opens anything. */
        public boolean signsIn() {
            return this == ACTIVE;
        }
    }
}
