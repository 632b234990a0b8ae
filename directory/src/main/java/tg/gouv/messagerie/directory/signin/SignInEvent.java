package tg.gouv.messagerie.directory.signin;

import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;

/**
 * That somebody signed in, or tried to.
 *
 * @param actor whose secret was asked for; empty for a login that nobody has, whose text may be a password
 * @param function the function mailbox that was opened
 * @param network in the form of {@link Origin#network}
 */
public record SignInEvent(
        Outcome outcome,
        Optional<AccountId> actor,
        Optional<AccountId> function,
        String network,
        SignIns.Protocol protocol) {
    /** How it ended. */
    public enum Outcome {
        GRANTED,
        REFUSED,
        /** Too many wrong secrets before: the secret was not looked at. */
        THROTTLED,
        /** Too many sign-ins at once: try later. */
        BUSY
    }
}
