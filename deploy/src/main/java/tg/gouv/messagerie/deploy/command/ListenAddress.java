package tg.gouv.messagerie.deploy.command;

import java.net.InetAddress;
import java.util.Optional;

/** The address on which the demonstration listens: the loopback one unless somebody names another. */
final class ListenAddress {
    private static final String LOOPBACK = "127.0.0.1";

    private ListenAddress() {}

    /**
     * The address to listen on.
     *
     * @throws Refusal if what was asked is not an IP address
     */
    static String of(Optional<String> asked) {
        return asked.map(ListenAddress::literal).orElse(LOOPBACK);
    }

    /** The name that clients on this machine connect to: {@code localhost}, or the address where loopback is not served. */
    static String host(String address) {
        InetAddress ip = InetAddress.ofLiteral(address);
        return ip.isLoopbackAddress() || ip.isAnyLocalAddress() ? "localhost" : address;
    }

    private static String literal(String asked) {
        try {
            return InetAddress.ofLiteral(asked).getHostAddress();
        } catch (IllegalArgumentException e) {
            throw new Refusal(ExitStatus.USAGE, "up.not-an-address", asked);
        }
    }
}
