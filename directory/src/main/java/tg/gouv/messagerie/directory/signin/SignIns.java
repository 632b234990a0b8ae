package tg.gouv.messagerie.directory.signin;

import java.net.InetAddress;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * The one way to sign in, for IMAP, SMTP, ManageSieve, JMAP, DAV, LDAP and the web.
 *
 * <p>Blocks for the time of a password hash: never call it from an event loop.
 */
public interface SignIns {
    /**
     * Tells whether this secret opens this account, and counts the attempt.
     *
     * @param login an address of the account, also an alias or a former one, in any case; {@code owner*holder} opens the
     *     function mailbox {@code owner} with the holder's secret
     * @param secret the main password, or a device password for this protocol
     * @param from where the client's connection comes from; throttling is by account and network (/24, /64)
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer: say « try later », never « wrong »
     */
    SignIn signIn(String login, Secret secret, InetAddress from, Protocol protocol);

    /** Where the secret was given. */
    enum Protocol {
        IMAP,
        SMTP,
        MANAGESIEVE,
        JMAP,
        /** Calendars, contacts and files. */
        DAV,
        LDAP,
        /** Pages in a browser. */
        WEB,
        /** With a one-time code, to set a password. */
        ACTIVATION
    }
}
