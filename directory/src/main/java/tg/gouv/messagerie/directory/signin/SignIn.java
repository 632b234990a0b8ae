package tg.gouv.messagerie.directory.signin;

import java.time.Instant;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.FunctionAccess;

/** How an attempt to sign in ended. */
public sealed interface SignIn {
    /**
     * The secret was right.
     *
     * @param account whose mailboxes are opened
     * @param actor whose secret it was: the account itself, or somebody who may use the function mailbox {@code account}
     * @param access what the actor may do there; everything, {@link FunctionAccess#HOLDER}, with the own account
     * @param ground for how long, for {@link Sessions}
     */
    record Granted(Account account, Account actor, FunctionAccess access, Ground ground) implements SignIn {
        /** Whether the actor may look and change nothing: neither mailboxes nor filters nor flags. */
        public boolean readsOnly() {
            return access == FunctionAccess.READER;
        }
    }

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
