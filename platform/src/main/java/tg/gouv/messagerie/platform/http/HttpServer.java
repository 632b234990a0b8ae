package tg.gouv.messagerie.platform.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.PathMappingsHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/*
 * What a request meets, in order: HeadWatch (its header came in time), SecurityHeaders (on every answer), the graceful stop,
 * BoundedBody (size and pace), then the door with the longest prefix of its path. Whatever goes wrong ends in ErrorPages.
 * A client's address is its socket's: no header is asked.
 */
/** The one HTTP server: doors by path, behind TLS 1.2 or 1.3, with limits and error pages in both languages. */
public final class HttpServer implements AutoCloseable {
    /** A request attribute: when it is set, errors are JSON (RFC 9457) unless the client asks for something else. */
    public static final String ERRORS_AS_JSON = "tg.gouv.messagerie.errors-as-json";

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** How long requests at work may take to end when the server stops. */
    private static final Duration STOP = Duration.ofMillis(1_500);

    /** Connections without a request need no such time. */
    private static final Duration STOP_IDLE = Duration.ofMillis(200);

    /** Selectors and timers; requests run on virtual threads. */
    private static final int PLATFORM_THREADS = 8;

    private final Server server;
    private final ServerConnector connector;

    private HttpServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Listens for HTTPS; when this returns clients are answered.
     *
     * @param byPathPrefix doors by whole leading segments of the path, such as {@code /jmap}; the longest wins, {@code /} has the
     *     rest. A door is started and stopped with the server; it blocks as it likes
     * @throws HttpRefused if the address is not free or not this machine's
     */
    public static HttpServer start(HttpSettings settings, TlsIdentity identity, Map<String, Handler> byPathPrefix) {
        return start(settings, HttpSocket.open(settings.listen()), identity, byPathPrefix);
    }

    /**
     * Answers those who connect for HTTPS to a socket that is open already; it is closed with the server.
     *
     * @param byPathPrefix doors, as for a server that opens its socket
     */
    public static HttpServer start(
            HttpSettings settings, HttpSocket socket, TlsIdentity identity, Map<String, Handler> byPathPrefix) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(identity.serverContext());
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        // TLS 1.2 with forward secrecy and authenticated encryption only (RFC 9325 section 4.2).
        tls.setIncludeCipherSuites("TLS_AES_.*", "TLS_CHACHA20_.*", "TLS_ECDHE_.*_GCM_.*", "TLS_ECDHE_.*_CHACHA20_.*");
        tls.setRenegotiationAllowed(false);
        HttpConnectionFactory http = http(settings);
        return start(settings, socket, doors(byPathPrefix), new SslConnectionFactory(tls, http.getProtocol()), http);
    }

    /**
     * Listens for HTTP without TLS on a loopback address, and answers only those who call it by a loopback name.
     *
     * @throws HttpRefused if the address is not loopback, or not free
     */
    public static HttpServer startOnLoopback(HttpSettings settings, Map<String, Handler> byPathPrefix) {
        if (!address(settings.listen()).isLoopbackAddress()) {
            throw new HttpRefused("HTTP without TLS is for this machine alone: " + settings.listen()
                    + " must be an address such as 127.0.0.1 or [::1].");
        }
        HttpSocket socket = HttpSocket.open(settings.listen());
        return start(settings, socket, new LoopbackHosts(doors(byPathPrefix)), http(settings));
    }

    /** The port that clients connect to. */
    public int port() {
        return connector.getLocalPort();
    }

    /** How many connections are open now. */
    public int connections() {
        return connector.getConnectedEndPoints().size();
    }

    /** Whether connections are accepted and answered. */
    public boolean isWell() {
        return server.isRunning() && connector.isRunning() && connector.isOpen();
    }

    /** Takes no more requests, lets those at work end within 1.5 s, then closes every connection. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("event=http-stop-failed reason=\"{}\"", e.toString());
        }
        LOG.info("event=http-stopped");
    }

    private static HttpServer start(
            HttpSettings settings, HttpSocket socket, Handler doors, ConnectionFactory... protocols) {
        VirtualThreadPool requests = new VirtualThreadPool(settings.requestsMax());
        requests.setName("http-request");
        QueuedThreadPool threads = new QueuedThreadPool(PLATFORM_THREADS);
        threads.setName("http");
        threads.setVirtualThreadsExecutor(requests);
        Server server = new Server(threads);
        server.addBean(requests);
        ServerConnector connector = new ServerConnector(server, 1, 1, protocols);
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        connector.setShutdownIdleTimeout(STOP_IDLE.toMillis());
        connector.addBean(new HeadWatch(settings.headTimeout(), connector));
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.connectionsMax(), connector));
        server.setHandler(new GracefulHandler(new BoundedBodies(settings, doors)));
        server.setErrorHandler(new ErrorPages());
        server.setStopTimeout(STOP.toMillis());
        server.setStopAtShutdown(false);
        return started(new HttpServer(server, connector), settings, socket);
    }

    private static HttpServer started(HttpServer started, HttpSettings settings, HttpSocket socket) {
        try {
            started.connector.open(socket.channel());
            started.server.start();
        } catch (Exception e) {
            started.close();
            socket.close();
            throw new HttpRefused("HTTP cannot start on " + settings.listen() + ": " + reason(e), e);
        }
        LOG.info("event=http-started address={} port={}", settings.listen().host(), started.port());
        return started;
    }

    private static HttpConnectionFactory http(HttpSettings settings) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(
                Math.toIntExact(settings.headerSizeMax().bytes()));
        configuration.setIdleTimeout(settings.idleTimeout().toMillis());
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setHttpCompliance(HttpCompliance.RFC9110);
        configuration.setUriCompliance(UriCompliance.DEFAULT.with( // for SegmentDoor alone: see PlainPaths
                "segments",
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
        // Jetty adds its own if there is none, and that one compares Host with a key store that we do not have.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        configuration.addCustomizer(SecurityHeaders.INSTANCE);
        configuration.addCustomizer(HeadWatch.HEAD_CAME);
        return new HttpConnectionFactory(configuration);
    }

    private static Handler doors(Map<String, Handler> byPathPrefix) {
        PathMappingsHandler doors = new PathMappingsHandler.NoContext();
        Set<String> segmentDoors = new HashSet<>();
        byPathPrefix.forEach((prefix, door) -> {
            if (!prefix.startsWith("/") || (prefix.endsWith("/") && prefix.length() > 1)) {
                throw new IllegalStateException("a path prefix is like /jmap, found " + prefix);
            }
            doors.addMapping(new ServletPathSpec(prefix.equals("/") ? "/*" : prefix + "/*"), door);
            if (door instanceof SegmentDoor) {
                segmentDoors.add(prefix + "/");
            }
        });
        return new PlainPaths(segmentDoors, doors);
    }

    static InetAddress address(Endpoint listen) {
        try {
            return InetAddress.getByName(listen.host());
        } catch (UnknownHostException e) {
            throw new HttpRefused("The address " + listen + " is not known on this machine: correct it.", e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
