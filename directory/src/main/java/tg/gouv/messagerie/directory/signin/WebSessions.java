package tg.gouv.messagerie.directory.signin;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * Sessions of people in a browser, known by 256 random bits that the browser keeps, of which the database has the hash. A session ends
 * after some time without a request, after some hours whatever happens, when its owner or somebody with the right ends it, and when what
 * it stands on ends: the account's state, its password, its second factor, « sign out everywhere ». All nodes know all sessions.
 *
 * <p>May be called from any thread that may block. All methods throw {@link
 * tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer; nothing was changed then.
 */
public interface WebSessions {
    /**
     * Signs a person in with their main password; never a function mailbox.
     *
     * @param program what the browser says of itself, as long as it likes; its owner sees a short form of it
     */
    Outcome begin(String login, Secret password, InetAddress from, String program);

    /**
     * Goes on with a sign-in whose password was right some minutes ago, with a code of the telephone or a recovery code.
     *
     * @param waiting as {@link Outcome.CodeNeeded} told it; it serves until the code is right or its time is over
     */
    Outcome code(Secret waiting, Secret code, InetAddress from);

    /** Whose session this is, if it serves; notes, to a minute, that it was used. */
    Optional<Visitor> visitor(Secret session);

    /**
     * Has a session's owner show the main password again, before what a browser left open must not do. A wrong one counts as a sign-in's.
     *
     * @return as {@link #begin}, with another secret for the same session; never {@link Outcome.CodeNeeded}
     */
    Outcome prove(Secret session, Secret password, InetAddress from);

    /**
     * Gives a session another secret, with what it stands on now: for the page on which its owner has just changed that, and all their
     * sessions ended.
     *
     * @param visitor who was asked for what changed within this request
     */
    Secret renew(Visitor visitor, InetAddress from);

    /** The session serves no more; nothing happens if it did not. */
    void end(Secret session);

    /** Those of an account that serve, the one used last first. */
    List<Open> of(AccountId owner);

    /**
     * Ends one of an account's; for its owner, or who may take ways to sign in from that account.
     *
     * @return whether it was there
     */
    boolean end(AccountId owner, UUID session);

    /** Removes sessions whose time is over; returns how many. */
    int sweep();

    /** How an attempt ended. */
    sealed interface Outcome {
        /** A session; its secret is told this once. */
        record Begun(Secret session, AccountId owner) implements Outcome {}

        /** The password is right; a code is missing, for which {@code waiting} is shown. */
        record CodeNeeded(Secret waiting) implements Outcome {}

        /** As {@link SignIn.Refused}; a {@code waiting} or session that serves no more, too. */
        record Refused() implements Outcome {}

        /** As {@link SignIn.Throttled}. */
        record Throttled(Instant until) implements Outcome {}
    }

    /**
     * Whose session it is.
     *
     * @param id the session's, which stays when its secret changes
     * @param proved when its owner last showed the main password
     * @param enrolsOnly whether it serves only to turn a second factor on, which the account must have
     */
    record Visitor(UUID id, Account owner, Instant proved, boolean enrolsOnly, String program) {}

    /**
     * A session as its owner sees it.
     *
     * @param seen to a minute
     * @param network in the form of {@link Origin#network}
     * @param program such as {@code Firefox, Linux}; empty if that is not known
     */
    record Open(UUID id, Instant begun, Instant seen, String network, String program) {}
}
