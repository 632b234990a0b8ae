package tg.gouv.messagerie.directory.signin;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * On what a sign-in stands, as it was when it was granted. When that is no more, what it opened ends.
 *
 * @param device the device password that was given
 * @param passwordChanged when the main password was set that was given
 * @param tokenUntil when the access token ends that was given; one of the three is there
 * @param signOuts how often the actor had signed out everywhere
 */
public record Ground(
        Optional<UUID> device, Optional<Instant> passwordChanged, Optional<Instant> tokenUntil, long signOuts) {
    /** A device password. */
    static Ground ofDevice(UUID device, long signOuts) {
        return new Ground(Optional.of(device), Optional.empty(), Optional.empty(), signOuts);
    }

    /** The main password, or a code in its place. */
    public static Ground ofPassword(Instant changed, long signOuts) {
        return new Ground(Optional.empty(), Optional.of(changed), Optional.empty(), signOuts);
    }

    /** An access token. */
    static Ground ofToken(Instant until, long signOuts) {
        return new Ground(Optional.empty(), Optional.empty(), Optional.of(until), signOuts);
    }
}
