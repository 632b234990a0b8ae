package tg.gouv.messagerie.mail.james;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.annotation.PreDestroy;
import javax.inject.Inject;
import org.apache.james.jmap.JMAPRoute;
import org.apache.james.jmap.JMAPRoutes;
import org.apache.james.lifecycle.api.Startable;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tg.gouv.messagerie.mail.jmap.JmapBytes;
import tg.gouv.messagerie.mail.jmap.JmapRequests;

/** James's JMAP routes on the loopback interface; James's own server always listens on every interface. */
final class JmapServer implements Startable {
    /** Longer than the HTTP door keeps a connection it does not use. */
    private static final Duration IDLE = Duration.ofMinutes(2);

    private static final int HEADER_MAX = 16 * 1024;
    private static final Duration STOP = Duration.ofSeconds(1);

    private final List<JMAPRoute> routes;
    private @Nullable DisposableServer server;

    @Inject
    JmapServer(JmapRequests requests, JmapBytes bytes, Set<JMAPRoutes> routes) {
        // the first that matches answers: ours before James's for the same path
        this.routes = Stream.of(
                        requests.routes(), bytes.routes(), routes.stream().flatMap(JMAPRoutes::routes))
                .flatMap(each -> each)
                .toList();
    }

    void start() {
        server = HttpServer.create()
                .bindAddress(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .idleTimeout(IDLE)
                .httpRequestDecoder(decoder -> decoder.maxHeaderSize(HEADER_MAX))
                .handle(this::answer)
                .bindNow();
    }

    /** Where it answers. */
    URI uri() {
        if (server == null) {
            throw new IllegalStateException("JMAP is not started");
        }
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @PreDestroy
    void stop() {
        if (server != null) {
            server.disposeNow(STOP);
        }
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return routes.stream()
                .filter(route -> route.matches(request))
                .findFirst()
                .<Publisher<Void>>map(route -> route.getAction().handleRequest(request, response))
                .orElseGet(() -> response.status(HttpResponseStatus.NOT_FOUND).send());
    }
}
