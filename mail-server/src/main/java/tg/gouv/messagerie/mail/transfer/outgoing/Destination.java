package tg.gouv.messagerie.mail.transfer.outgoing;

/**
 * What has a queue, connections and a patience of its own: a domain, or the relay that takes the mail of every domain.
 *
 * @param domain in lower case and ASCII; empty for the relay
 */
public record Destination(String domain) {
    /** The relay that the settings name. */
    public static final Destination RELAY = new Destination("");

    /** Whether this is the relay, which takes everything. */
    public boolean isRelay() {
        return domain.isEmpty();
    }

    @Override
    public String toString() {
        return isRelay() ? "relay" : domain;
    }
}
