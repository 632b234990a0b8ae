package tg.gouv.messagerie.mail.james;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.protocols.lib.netty.AbstractConfigurableAsyncServer;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.james.Door.Layer;

/** Every address on which James listens, and the server behind each. */
final class Doors {
    private final List<Door> all;
    private final ConcurrentHashMap<String, AbstractConfigurableAsyncServer> servers = new ConcurrentHashMap<>();

    private final String hostName;

    Doors(MailSettings settings) {
        hostName = settings.hostName();
        all = List.of(
                new Door("smtp", settings.transfer().listen(), Layer.STARTTLS),
                new Door("submission", settings.submission().listen(), Layer.STARTTLS),
                new Door("submissions", settings.submission().listenTls(), Layer.TLS),
                new Door("lmtp", settings.lmtp().listen(), Layer.CLEAR),
                new Door("imap", settings.imap().listen(), Layer.STARTTLS),
                new Door("imaps", settings.imap().listenTls(), Layer.TLS));
    }

    /** The name by which each server greets. */
    String hostName() {
        return hostName;
    }

    Door named(String name) {
        return all.stream().filter(door -> door.name().equals(name)).findFirst().orElseThrow();
    }

    /** The door of a server, from the {@code door} of its configuration; remembers who serves it. */
    Door take(HierarchicalConfiguration<ImmutableNode> configuration, AbstractConfigurableAsyncServer server) {
        Door door = named(configuration.getString("door"));
        servers.put(door.name(), server);
        server.setListenAddresses(door.address());
        return door;
    }

    /** The ports that are listened on, by name. */
    SequencedMap<String, Integer> ports() {
        SequencedMap<String, Integer> ports = new LinkedHashMap<>();
        for (Door door : all) {
            AbstractConfigurableAsyncServer server = servers.get(door.name());
            if (server != null) {
                ports.put(door.name(), server.getPort());
            }
        }
        return ports;
    }

    /** Whether each door is open. */
    boolean areOpen() {
        return servers.size() == all.size()
                && servers.values().stream().allMatch(AbstractConfigurableAsyncServer::isStarted);
    }
}
