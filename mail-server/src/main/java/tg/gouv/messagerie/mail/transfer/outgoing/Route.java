package tg.gouv.messagerie.mail.transfer.outgoing;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Where a destination's mail goes. */
sealed interface Route {
    /** To the first of these that speaks with us. */
    record Hosts(List<Host> hosts) implements Route {
        public Hosts {
            hosts = List.copyOf(hosts);
        }
    }

    /** Nowhere: for good, or for now. */
    record Nowhere(Diagnosis why) implements Route {}

    /**
     * A server.
     *
     * @param address if it is known without asking
     */
    record Host(String name, int preference, Optional<InetAddress> address) {}
}
