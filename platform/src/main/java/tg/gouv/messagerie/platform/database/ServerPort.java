package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** The port of the private PostgreSQL, on 127.0.0.1. */
final class ServerPort {
    /** Below the ports the kernel gives to outgoing connections, so that none takes ours while the server restarts. */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_700;
    private static final int TRIES_MAX = 100;

    private ServerPort() {}

    /**
     * The port of the settings, or a free one when they leave the choice.
     *
     * @throws DatabaseRefused if somebody listens on the port of the settings
     */
    static int choose(EmbeddedSettings settings) throws IOException {
        if (settings.port() != 0) {
            if (!isFree(settings.port())) {
                throw new DatabaseRefused(
                        "Port " + settings.port() + " of 127.0.0.1, wanted for the private PostgreSQL,"
                                + " is already in use: stop what listens there, or change database.embedded.port (0 chooses a"
                                + " free one).");
            }
            return settings.port();
        }
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port of 127.0.0.1 between " + FIRST + " and " + LAST + " is free");
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true); // as PostgreSQL does: connections that ended a moment ago do not matter
            probe.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (BindException e) {
            return false;
        }
    }
}
