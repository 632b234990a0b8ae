package tg.gouv.messagerie.directory.signin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * Passwords that are made by the program, each for one device or program of a person: whoever finds one opens what it is for and
 * nothing else, and taking it back changes nothing for the other devices. Each act is one transaction with its row of the audit
 * trail. Every method may be called from any thread that may block, and throws {@link
 * tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer; nothing was changed then.
 */
public interface DevicePasswords {
    /** What a device password can be for: not to change passwords, nor the web. */
    Set<Protocol> PROTOCOLS =
            Set.of(Protocol.IMAP, Protocol.SMTP, Protocol.MANAGESIEVE, Protocol.JMAP, Protocol.DAV, Protocol.LDAP);

    /**
     * Makes one; only for the account's owner, who proved to be it.
     *
     * @param name as the owner will know the device, unlike the names of the owner's others
     * @param protocols what it opens: some of {@link #PROTOCOLS}
     * @param expires from when on it opens nothing
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if there cannot be such a one
     */
    Issued issue(AccountId owner, String name, Set<Protocol> protocols, Optional<Instant> expires);

    /** Those of an account, the newest last. */
    List<Device> of(AccountId owner);

    /**
     * Takes one back: it opens nothing any more, and what it opened ends within seconds, on every node.
     *
     * @return whether it was there
     */
    boolean revoke(AccountId owner, UUID id);

    /** Takes all of an account's back; returns how many those were. */
    int revokeAll(AccountId owner);

    /**
     * One that was made.
     *
     * @param password in groups, shown once: it is nowhere else
     */
    record Issued(UUID id, Secret password) {}

    /** A device password as its owner and administrators may see it. */
    record Device(
            UUID id,
            String name,
            Set<Protocol> protocols,
            Instant made,
            Optional<Instant> expires,
            Optional<Use> lastUse) {
        public Device {
            protocols = Set.copyOf(protocols);
        }
    }

    /**
     * A use, to ten minutes.
     *
     * @param network in the form of {@link Origin#network}
     */
    record Use(Instant at, String network, Protocol protocol) {}
}
