package tg.gouv.messagerie.directory.signin;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * The second factor of people: codes of a telephone (RFC 6238), and ten codes on paper that serve once each. Once it is on, the main
 * password opens the web, with a code, and nothing else: neither mail, calendars nor LDAP, which take device passwords. Each act is one
 * transaction with its row of the audit trail. Every method may be called from any thread that may block, and throws {@link
 * tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer; nothing was changed then.
 */
public interface SecondFactors {
    /** How many wrong codes come with the right password or a token, from wherever, before their owner has to wait. */
    int WRONG_CODES_MAX = 20;

    /** For how long, from the first of them. */
    Duration WRONG_CODES_WINDOW = Duration.ofHours(1);

    /** Whether it is on, and since when. */
    Status of(AccountId owner);

    /**
     * Makes a secret for the owner's telephone; nothing is asked for until {@link #confirm}. One that was made before and not confirmed
     * serves no more.
     *
     * @param owner who acts
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if it is on already
     */
    Enrolment begin(AccountId owner);

    /**
     * Turns it on, when the owner's telephone shows the right code: what was opened with the main password alone ends, tokens too.
     *
     * @param owner who acts
     * @return codes for the day on which the telephone is lost, shown once
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if the code is wrong, or nothing was begun
     */
    List<Secret> confirm(AccountId owner, Secret code);

    /**
     * Has a code shown again by its owner, before what a token alone must not do; the code is used up.
     *
     * @param owner who acts
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if it is wrong, too many were, or nothing is on
     */
    void demand(AccountId owner, Secret code);

    /**
     * Turns it off: the main password opens everything by itself again. Who does it to another must be allowed to give that account a way
     * to sign in; who does it to themselves gives a code.
     *
     * @param code of the owner, if it is the owner who acts
     * @return whether it was on
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if the code is wrong, or too many were
     */
    boolean off(AccountId owner, Optional<Secret> code);

    /**
     * Whether it is on.
     *
     * @param since absent when it is off
     * @param recoveryCodes how many are left
     */
    record Status(Optional<Instant> since, int recoveryCodes) {}

    /**
     * What the owner's telephone must know.
     *
     * @param secret in base32
     * @param uri the same as a telephone reads it from a QR code
     */
    record Enrolment(Secret secret, URI uri) {}
}
