package tg.gouv.messagerie.directory.help;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;

/**
 * How people's accounts are, as the directory knows it. May be called from any thread that may block; throws {@link
 * tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
public interface PersonStates {
    /** How many networks that wait are named. */
    int NETWORKS_MAX = 20;

    /**
     * How an account is now. Its owner may always know; anybody else needs the right {@code look} where it is, and that they looked is a row
     * of the audit trail, durable before anything is read, which the owner reads in who has opened the account.
     *
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if who acts may not, or no person has this account
     */
    PersonState of(AccountId person);

    /**
     * Forgets the wrong secrets and codes that were counted against an account, wherever they came from: nobody waits for them any more. What
     * is counted against a network for all accounts together stays. Who does it may give this account a way to sign in, for whoever unlocks
     * lets others guess on.
     *
     * @return whether something was counted; then it is told in the audit trail
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if who acts may not, or no person has this account
     */
    boolean unlock(AccountId person);

    /**
     * How an account is.
     *
     * @param passwordSince when the main password was set; absent, there is none
     * @param lastSignIn when its owner last signed in, to about a day
     * @param wrongSecrets different wrong secrets that are counted, all networks together
     * @param waiting networks from which nobody may try again yet, those that wait longest first; {@link #NETWORKS_MAX} at most
     * @param secondFactorSince since when the second factor is on; absent, it is off
     * @param wrongCodes that came with the right password within the last hour
     * @param codesClosedUntil until when no code is looked at, if so many were wrong
     * @param devices how many device passwords serve
     * @param sessions how many are open on this node
     * @param activationCodeUntil until when a one-time code serves that was not used yet
     */
    record PersonState(
            Account.State state,
            Optional<Instant> passwordSince,
            Optional<Instant> lastSignIn,
            int wrongSecrets,
            List<Waiting> waiting,
            Optional<Instant> secondFactorSince,
            int wrongCodes,
            Optional<Instant> codesClosedUntil,
            int devices,
            int sessions,
            Optional<Instant> activationCodeUntil) {
        public PersonState {
            waiting = List.copyOf(waiting);
        }
    }

    /**
     * A network from which too many secrets were wrong.
     *
     * @param network in the form of {@link tg.gouv.messagerie.directory.signin.Origin}
     * @param wrongSecrets different ones
     */
    record Waiting(String network, int wrongSecrets, Instant until) {}
}
