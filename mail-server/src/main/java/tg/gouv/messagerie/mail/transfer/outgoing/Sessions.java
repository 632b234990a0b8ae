package tg.gouv.messagerie.mail.transfer.outgoing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingSettings.Encryption;
import tg.gouv.messagerie.mail.transfer.outgoing.SmtpClient.Demands;
import tg.gouv.messagerie.mail.transfer.outgoing.SmtpClient.Login;
import tg.gouv.messagerie.mail.transfer.outgoing.SmtpClient.Security;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** Finds a server of a destination that speaks with us. Any thread that may block may call. */
final class Sessions implements AutoCloseable {
    static final int SMTP_PORT = 25;
    static final int SUBMISSIONS_PORT = 465;

    /** RFC 5321 section 5.1 asks for two at least. */
    private static final int ADDRESSES_MAX = 6;

    private final OutgoingSettings settings;
    private final Names names;
    private final Connector connector;
    private final Routes routes;
    private final Patience patience;
    private final Demands demands;
    private final int ownPort;
    private final Deadlines deadlines = new Deadlines();
    private final Set<SmtpClient> open = ConcurrentHashMap.newKeySet();

    /**
     * Conversations as the settings say.
     *
     * @param ownPort the port on which this server takes mail from others, by which a loop is known
     */
    Sessions(
            OutgoingSettings settings,
            String hostName,
            int ownPort,
            Names names,
            Connector connector,
            Routes routes,
            Patience patience) {
        this.settings = settings;
        this.names = names;
        this.connector = connector;
        this.routes = routes;
        this.patience = patience;
        this.ownPort = ownPort;
        this.demands = demands(settings, hostName);
    }

    private static Demands demands(OutgoingSettings settings, String hostName) {
        if (settings.relay().isPresent()) {
            boolean fromStart = settings.relay().get().port() == SUBMISSIONS_PORT;
            return new Demands(
                    hostName,
                    fromStart ? Security.VERIFIED_FROM_START : Security.VERIFIED,
                    Tls.verified(settings.relayAuthority()),
                    settings.relayUser()
                            .map(user -> new Login(user, settings.relaySecret().orElseThrow())));
        }
        return new Demands(
                hostName,
                settings.encryption() == Encryption.REQUIRED ? Security.ENCRYPTED : Security.OPPORTUNISTIC,
                Tls.unverified(),
                Optional.empty());
    }

    /** What came of trying. */
    sealed interface Opened {
        /** A server speaks with us; whoever asked closes it, through {@link Sessions#close(SmtpClient)}. */
        record Speaking(SmtpClient client) implements Opened {}

        /** None does, for now or for good. */
        record Silent(Diagnosis why) implements Opened {}
    }

    /** Tries the destination's servers in their order. */
    Opened open(Destination destination) {
        if (destination.isRelay()) {
            Endpoint relay = settings.relay().orElseThrow();
            Opened opened =
                    among(List.of(new Route.Host(relay.host(), 0, literal(relay.host()))), relay.port(), "the relay");
            // A relay that is set up wrongly is no reason to return mail.
            return opened instanceof Opened.Silent(Diagnosis why) ? new Opened.Silent(forNow(why)) : opened;
        }
        return switch (routes.to(destination)) {
            case Route.Nowhere(Diagnosis why) -> new Opened.Silent(why);
            case Route.Hosts(List<Route.Host> hosts) -> among(hosts, SMTP_PORT, destination.domain());
        };
    }

    private static Diagnosis forNow(Diagnosis why) {
        return new Diagnosis("4" + why.status().substring(1), why.text(), why.host(), why.replied());
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private Opened among(List<Route.Host> hosts, int port, String destination) {
        Diagnosis why = Diagnosis.ours("5.4.4", "no server of " + destination + " has an address that can be used");
        int tried = 0;
        for (Route.Host host : hosts) {
            Names.Answer<InetAddress> answer = host.address()
                    .<Names.Answer<InetAddress>>map(address -> new Names.Answer.Found<>(List.of(address)))
                    .orElseGet(() -> names.addresses(host.name()));
            switch (answer) {
                case Names.Answer.None<InetAddress> _ -> {
                    // the next one
                }
                case Names.Answer.Unknown<InetAddress>(String reason) ->
                    why = Diagnosis.about(
                            host.name(), "4.4.3", "the DNS does not say where " + host.name() + " is: " + reason);
                case Names.Answer.Found<InetAddress>(List<InetAddress> addresses) -> {
                    for (InetAddress address : alternating(addresses)) {
                        if (isOurs(address, port)) {
                            // RFC 5321 section 5.1: nobody after ourselves
                            return new Opened.Silent(tried == 0 ? Routes.loop(destination) : why);
                        }
                        if (!isUsable(address)) {
                            continue;
                        }
                        try {
                            return new Opened.Speaking(speak(host.name(), address, port));
                        } catch (ConnectionLost e) {
                            why = e.why();
                        }
                        if (++tried == ADDRESSES_MAX) {
                            return new Opened.Silent(why);
                        }
                    }
                }
            }
        }
        return new Opened.Silent(why);
    }

    /** IPv6 and IPv4 in turn, so that one family that is broken here does not use up the tries. */
    private static List<InetAddress> alternating(List<InetAddress> addresses) {
        List<InetAddress> six =
                addresses.stream().filter(each -> each.getAddress().length > 4).toList();
        List<InetAddress> four =
                addresses.stream().filter(each -> each.getAddress().length == 4).toList();
        record Place(int turn, int family, InetAddress address) {}
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < six.size(); i++) {
            places.add(new Place(i, 0, six.get(i)));
        }
        for (int i = 0; i < four.size(); i++) {
            places.add(new Place(i, 1, four.get(i)));
        }
        places.sort(Comparator.comparingInt(Place::turn).thenComparingInt(Place::family));
        return places.stream().map(Place::address).toList();
    }

    private boolean isOurs(InetAddress address, int port) {
        return settings.relay().isEmpty()
                && port == ownPort
                && (address.isLoopbackAddress() || address.isAnyLocalAddress() || isOfThisMachine(address));
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return false;
        }
    }

    /** What a stranger's DNS may send us to: never this machine, never everybody. */
    private boolean isUsable(InetAddress address) {
        return settings.relay().isPresent()
                || !(address.isLoopbackAddress()
                        || address.isAnyLocalAddress()
                        || address.isMulticastAddress()
                        || address.isLinkLocalAddress());
    }

    private SmtpClient speak(String host, InetAddress address, int port) throws ConnectionLost {
        try {
            return opened(host, address, port, demands);
        } catch (ConnectionLost.NoEncryption e) {
            if (demands.security() != Security.OPPORTUNISTIC) {
                throw e;
            }
            return opened(host, address, port, demands.inTheClear()); // RFC 7435: better than not at all
        }
    }

    private SmtpClient opened(String host, InetAddress address, int port, Demands how) throws ConnectionLost {
        Socket socket;
        try {
            socket = connector.connect(address, port, patience.connect());
        } catch (IOException e) {
            throw new ConnectionLost(
                    Diagnosis.about(
                            host, "4.4.1", "no connection to " + address.getHostAddress() + ": " + e.getMessage()),
                    e);
        }
        SmtpClient client = SmtpClient.open(host, socket, how, patience, deadlines);
        open.add(client);
        return client;
    }

    /** Ends a conversation. */
    void close(SmtpClient client) {
        open.remove(client);
        client.close();
    }

    /** Breaks every conversation off. */
    void breakOff() {
        open.forEach(SmtpClient::breakOff);
    }

    @Override
    public void close() {
        breakOff();
        deadlines.close();
    }
}
