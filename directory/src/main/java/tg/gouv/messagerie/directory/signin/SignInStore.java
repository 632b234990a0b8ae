package tg.gouv.messagerie.directory.signin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * What sign-ins read and count, durable and shared by all nodes. Every method throws {@link
 * tg.gouv.messagerie.platform.database.StoreUnavailable} when it cannot.
 */
public interface SignInStore {
    /** Everything an attempt needs to know, in one question. */
    Found find(Asked asked);

    /**
     * Changes what is counted between a subject and a network or host, while nobody else does.
     *
     * @param network in the form of {@link Origin}
     */
    Settled settle(UUID subject, String network, Instant now, UnaryOperator<Attempts> change);

    /**
     * Counts a wrong secret of a site.
     *
     * @param forgotten a window that began before is over, and a new one begins now
     */
    void countFailure(String site, Instant now, Instant forgotten);

    /** Puts a hash in the place of another of the same password; false if that is not there any more. */
    boolean replaceHash(AccountId account, String before, String after);

    /**
     * Takes note that a device password was used, unless that was written after {@code unless}.
     *
     * @param device its id
     */
    void used(UUID device, DevicePasswords.Use use, Instant unless);

    /**
     * Uses up a code of a telephone.
     *
     * @param step its step (RFC 6238)
     * @return false if it, or a later one, was used before
     */
    boolean useStep(AccountId account, long step);

    /**
     * Uses up a recovery code.
     *
     * @param digest as {@link RecoveryCode#digest} makes it
     * @return whether it was there
     */
    boolean useRecoveryCode(AccountId account, byte[] digest);

    /**
     * Whether there is a recovery code; it is not used up.
     *
     * @param subject an account, or who stands for nobody
     * @param digest as {@link RecoveryCode#digest} makes it
     */
    boolean hasRecoveryCode(AccountId subject, byte[] digest);

    /** Counts a wrong code that came with the right password, in a window of {@link SecondFactors#WRONG_CODES_WINDOW}. */
    void countWrongCode(AccountId account, Instant now);

    /** Removes what was last touched before these times, a bounded number of rows. */
    void sweep(Instant attemptsBefore, Instant sitesBefore);

    /**
     * An attempt.
     *
     * @param holder whose secret is given; empty if the login is no address
     * @param function the function mailbox to open
     * @param nobody the subject to count by if nobody has the holder's address
     * @param byDevice whether the secret is a device password, and those of the holder are wanted
     */
    record Asked(
            Optional<MailAddress> holder,
            Optional<MailAddress> function,
            UUID nobody,
            Origin origin,
            Instant now,
            boolean byDevice) {}

    /**
     * What is known of an attempt.
     *
     * @param subject by which it counts: the holder's account id, or {@code nobody}
     * @param holder of any kind and state
     * @param password the holder's main password
     * @param devices the holder's device passwords that serve now, if they were wanted
     * @param secondFactor the holder's, if it is on
     * @param signOuts how often the holder signed out everywhere
     * @param signedOut when that was last
     * @param function the function mailbox, if the holder has access to it now
     * @param access what access that is
     * @param host between the subject and the host
     * @param network between the subject and the network
     * @param site between everybody and the site
     */
    record Found(
            UUID subject,
            Optional<Account> holder,
            Optional<Password> password,
            List<Device> devices,
            Optional<SecondFactor> secondFactor,
            long signOuts,
            Optional<Instant> signedOut,
            Optional<Account> function,
            Optional<FunctionAccess> access,
            Attempts host,
            Attempts network,
            SiteFailures site) {}

    /**
     * A main password, or what is in its place.
     *
     * @param changed when it was set
     */
    record Password(String hash, Instant changed) {}

    /**
     * A device password.
     *
     * @param digest as {@link DevicePassword#digest} makes it
     */
    @SuppressWarnings("ArrayRecordComponent") // compared in constant time, and by nothing else
    record Device(UUID id, byte[] digest, Set<SignIns.Protocol> protocols, Optional<DevicePasswords.Use> lastUse) {}

    /**
     * A second factor that is on.
     *
     * @param secret what the telephone knows; empty if the key with which it is sealed is not here
     * @param lastStep no code up to this one's serves
     * @param wrongCodes that came with the right password since {@code since}, from wherever
     */
    record SecondFactor(Optional<byte[]> secret, long lastStep, int wrongCodes, Optional<Instant> since) {}

    /**
     * Wrong secrets of a site, all accounts together.
     *
     * @param since when the first of them came
     */
    record SiteFailures(int failures, Optional<Instant> since) {
        /** None. */
        public static final SiteFailures NONE = new SiteFailures(0, Optional.empty());
    }

    /** A row before and after a change. */
    record Settled(Attempts before, Attempts after) {}
}
