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

    /**
     * Unknown account, wrong secret, an account that may not sign in, or a function mailbox the actor may not use: neither the
     * answer nor its time tells which.
     */
    record Refused() implements SignIn {}

    /**
     * Too many wrong secrets from this network, or too many sign-ins at once; nothing was told of the secret. Say « try later ».
     */
    record Throttled(Instant until) implements SignIn {}
}
