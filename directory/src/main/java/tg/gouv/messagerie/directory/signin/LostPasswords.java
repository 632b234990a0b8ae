package tg.gouv.messagerie.directory.signin;

import java.net.InetAddress;
import java.time.Instant;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * Another main password for who has lost theirs and has a second factor: with a code of the telephone and one of the recovery codes. Each of
 * the two takes the place of something else at a sign-in, none of the password: a telephone that was found, or a sheet of paper, opens nothing
 * alone. May be called from any thread that may block; throws {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL
 * does not answer; nothing was changed then.
 */
public interface LostPasswords {
    /**
     * Gives an account this password; both codes serve no more, and everything that was opened with the password before ends. Attempts are
     * counted and made to wait as those to sign in are, and with them.
     *
     * @param login any address of the account
     * @param telephone what the telephone shows
     * @param recovery a recovery code, as somebody typed it
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if the password is not good enough; the codes serve still
     */
    Outcome choose(String login, Secret telephone, Secret recovery, Secret password, InetAddress from);

    /** What came of an attempt. */
    sealed interface Outcome {
        /** The account has this password now. */
        record Done(AccountId account) implements Outcome {}

        /**
         * Unknown account, one without a second factor or that may not sign in, a wrong code or one that was used: neither the answer nor its
         * time tells which.
         */
        record Refused() implements Outcome {}

        /** As {@link SignIn.Throttled}. */
        record Throttled(Instant until) implements Outcome {}
    }
}
