package tg.gouv.messagerie.mail.james;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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

/** James's JMAP routes on the loopback interface; James's own server always listens on every interface. */
final class JmapServer implements Startable {
    private static final Duration STOP = Duration.ofSeconds(1);

    private final List<JMAPRoute> routes;
    private @Nullable DisposableServer server;

    @Inject
    JmapServer(Set<JMAPRoutes> routes) {
        this.routes = routes.stream().flatMap(JMAPRoutes::routes).toList();
    }

    void start() {
        server = HttpServer.create()
                .bindAddress(() -> new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
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
