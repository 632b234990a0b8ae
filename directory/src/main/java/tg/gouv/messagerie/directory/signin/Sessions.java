package tg.gouv.messagerie.directory.signin;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;

/**
 * What was opened by signing in and is open still. A session ends within seconds of the end of what it stands on, on whatever node
 * that was decided: its device password was revoked or expired, its password changed, its account suspended or closed, the right to
 * its function mailbox was taken, or its owner signed out everywhere.
 */
public interface Sessions {
    /**
     * Takes note of a session.
     *
     * @param end ends it; called at most once, on any thread, and returns soon
     * @return to be closed when the session is over
     */
    Session began(SignIn.Granted granted, Protocol protocol, InetAddress from, Runnable end);

    /** The sessions of a person on this node, the oldest first. */
    List<Live> of(AccountId actor);

    /**
     * Signs an account out everywhere: every session and bearer token of it ends. Device passwords stay, with which programs sign in again.
     *
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if there is no such account
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer; nothing was changed
     */
    void signOut(AccountId account);

    /** A session that was taken note of. */
    interface Session extends AutoCloseable {
        /** It is over, by itself. */
        @Override
        void close();
    }

    /**
     * A session that is open.
     *
     * @param account whose mailboxes it opened: the actor's, or a function's
     * @param network in the form of {@link Origin#network}
     */
    record Live(AccountId account, Protocol protocol, String network, Instant since, Ground ground) {}
}
