package tg.gouv.messagerie.directory.signin;

import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
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

    /** The provider of identities whose access tokens are taken too; none if the settings name none. */
    default Optional<Provider> provider() {
        return Optional.empty();
    }

    /**
     * Tells whether this access token of the provider opens an account, and counts the attempt if it was a guess. Who has a right one is
     * let in though somebody guesses from the same network.
     *
     * @param login whom the client says it is: nobody, an address of the account that the token names, or a function mailbox to open as
     *     that account, by its address or as {@code owner*holder}
     * @throws ProviderUnavailable if the provider does not give the keys to look at the token: say « try later », never « wrong »
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer: the same
     */
    default SignIn signInWithToken(Optional<String> login, Secret token, InetAddress from, Protocol protocol) {
        return new SignIn.Refused();
    }

    /**
     * What a client is told of the provider (RFC 7628 section 3.2.2).
     *
     * @param configuration where it says how it is used
     * @param scope what a token must have
     */
    record Provider(URI configuration, Optional<String> scope) {}

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
