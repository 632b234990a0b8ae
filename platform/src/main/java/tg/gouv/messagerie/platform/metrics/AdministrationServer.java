package tg.gouv.messagerie.platform.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import tg.gouv.messagerie.platform.http.HttpRefused;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.http.HttpSettings;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** {@code /metrics} and {@code /health}, for the tools of this machine only. */
public final class AdministrationServer implements AutoCloseable {
    /** A few tools that read now and then. */
    private static final int CONNECTIONS_MAX = 50;

    private static final int REQUESTS_MAX = 10;

    private final HttpServer server;

    private AdministrationServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Listens; when this returns the tools are answered.
     *
     * @param checks by a name such as {@code database}; each is asked whenever health is read, on a thread of its own
     * @throws HttpRefused if the address is not loopback, or not free
     */
    public static AdministrationServer start(
            AdministrationSettings settings, Metrics metrics, Map<String, BooleanSupplier> checks) {
        HttpSettings limits = new HttpSettings(
                settings.listen(),
                ByteSize.parse("8KB"),
                ByteSize.parse("1KB"),
                ByteSize.parse("1KB"),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                CONNECTIONS_MAX,
                REQUESTS_MAX);
        Health health = new Health(checks, settings.healthTimeout());
        return new AdministrationServer(HttpServer.startOnLoopback(
                limits, Map.of("/metrics", ReadDoor.metrics(metrics), "/health", ReadDoor.health(health))));
    }

    /** The port that tools connect to. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
