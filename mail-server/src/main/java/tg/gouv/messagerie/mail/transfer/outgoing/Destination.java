package tg.gouv.messagerie.mail.transfer.outgoing;

import java.net.IDN;
import java.util.Locale;

/**
 * What has a queue, connections and a patience of its own: a domain, or the relay that takes the mail of every domain.
 *
 * @param domain in lower case and ASCII; empty for the relay
 */
public record Destination(String domain) {
    /** The relay that the settings name. */
    public static final Destination RELAY = new Destination("");

    /** The domain of an address, as the DNS knows it; what cannot be one stays what it is, and is found to be none. */
    public static Destination ofDomain(String domain) {
        String lower = domain.toLowerCase(Locale.ROOT);
        try {
            return new Destination(lower.startsWith("[") ? lower : IDN.toASCII(lower)); // RFC 5890
        } catch (IllegalArgumentException _) {
            return new Destination(lower);
        }
    }

    /** Whether this is the relay, which takes everything. */
    public boolean isRelay() {
        return domain.isEmpty();
    }

    @Override
    public String toString() {
        return isRelay() ? "relay" : domain;
    }
}
