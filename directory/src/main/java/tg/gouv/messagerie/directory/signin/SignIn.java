package tg.gouv.messagerie.directory.signin;

import java.time.Instant;
import tg.gouv.messagerie.directory.Account;

/** How an attempt to sign in ended. */
public sealed interface SignIn {
    /**
     * The secret was right.
     *
     * @param account whose mailboxes are opened
     * @param actor whose secret it was: the account itself, or a holder of the function mailbox {@code account}
     */
    record Granted(Account account, Account actor) implements SignIn {}

    /** Unknown account, wrong secret, or an account that may not sign in: the caller cannot tell which, nor how long it took. */
    record Refused() implements SignIn {}

    /** Too many wrong secrets from this network for this account; the secret was not looked at. */
    record Throttled(Instant until) implements SignIn {}
}
