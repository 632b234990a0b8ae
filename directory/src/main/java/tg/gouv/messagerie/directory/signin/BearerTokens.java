package tg.gouv.messagerie.directory.signin;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * Tokens with which a program acts for a person for some minutes (RFC 6750). A token is 256 random bits, kept as its hash; it serves
 * while the account is active and until its password is another.
 *
 * <p>May be called from any thread that may block. All methods throw {@link
 * tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
public interface BearerTokens {
    /**
     * Gives a token to who signs in as a person; never to a function mailbox.
     *
     * @param code of the telephone, or a recovery code, for who has a second factor
     */
    Outcome issue(String login, Secret password, Optional<Secret> code, InetAddress from);

    /** Whose token it is, if it serves. */
    Optional<Holder> holder(Secret token);

    /**
     * Whose token it is.
     *
     * @param enrolsOnly whether it serves only to turn a second factor on, which the account must have
     */
    record Holder(AccountId account, boolean enrolsOnly) {}

    /** The token serves no more; nothing happens if it did not. */
    void revoke(Secret token);

    /** How the request for a token ended. */
    sealed interface Outcome {
        /**
         * A token; it is told this once.
         *
         * @param enrolsOnly as in {@link Holder}
         */
        record Issued(Secret token, AccountId account, Instant expires, boolean enrolsOnly) implements Outcome {}

        /** The password is right; a code is missing. */
        record CodeNeeded() implements Outcome {}

        /** As {@link SignIn.Refused}. */
        record Refused() implements Outcome {}

        /** As {@link SignIn.Throttled}. */
        record Throttled(Instant until) implements Outcome {}
    }
}
