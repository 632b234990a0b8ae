package tg.gouv.messagerie.deploy.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** On which ports the demonstration listens. */
public enum DemoPorts {
    /** Above 1024, so that nobody need be root, and away from the ports of a real server. */
    DEMO,
    /** The standards' own ports, which a client finds by itself. */
    STANDARD,
    /** Free ports, chosen by the system at each start. */
    AUTO;

    /** A protocol, by its name in {@code connection.json}. */
    private record Port(String protocol, int demo, int standard) {}

    private static final List<Port> PORTS = List.of(
            new Port("smtp", 5025, 25),
            new Port("submission", 5587, 587),
            new Port("submissions", 5465, 465),
            new Port("lmtp", 5024, 24),
            new Port("imap", 5143, 143),
            new Port("imaps", 5993, 993),
            new Port("managesieve", 5190, 4190),
            new Port("ldap", 5389, 389),
            new Port("ldaps", 5636, 636),
            new Port("https", 5443, 443),
            new Port("administration", 5080, 9080));

    /** The port of each protocol, by its name in {@code connection.json}; 0 where the system chooses. */
    public SequencedMap<String, Integer> byProtocol() {
        SequencedMap<String, Integer> ports = new LinkedHashMap<>();
        for (Port port : PORTS) {
            ports.put(
                    port.protocol,
                    switch (this) {
                        case DEMO -> port.demo;
                        case STANDARD -> port.standard;
                        case AUTO -> 0;
                    });
        }
        return ports;
    }
}
