package tg.gouv.messagerie.portal;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes a request that the door let in to James's JMAP on the loopback interface, and its answer back, both as streams. */
final class JmapProxy extends ProxyHandler.Reverse {
    private static final Logger LOG = LoggerFactory.getLogger(JmapProxy.class);

    /** Loopback: James is there, or it is not. */
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** A client that asked for no ping waits in silence; after this it connects again. */
    private static final Duration EVENT_SOURCE_SILENCE = Duration.ofMinutes(15);

    private static final int TASKS_MAX = 500;

    /** What James waits for, room on a disk or PostgreSQL, comes back in its own time. */
    private static final int RETRY_AFTER_SECONDS = 30;

    /** Headers of an answer that are ours to decide. */
    private static final Set<String> KEPT_HERE = Set.of(
            "server",
            "date",
            "set-cookie",
            "www-authenticate",
            "strict-transport-security",
            "content-security-policy",
            "location",
            "via");

    private final URI james;
    private final JmapDoorSettings settings;

    JmapProxy(URI james, JmapDoorSettings settings) {
        super(request -> HttpURI.from(james.toString() + request.getHttpURI().getPathQuery()));
        this.james = james;
        this.settings = settings;
        setProxyToServerHost(james.getAuthority());
        setViaHost("messagerie"); // not sent; spares a look-up of this machine's name
    }

    @Override
    protected void configureHttpClient(HttpClient client) {
        super.configureHttpClient(client);
        VirtualThreadPool threads = new VirtualThreadPool(TASKS_MAX);
        threads.setName("jmap-proxy");
        client.setExecutor(threads);
        client.setConnectTimeout(CONNECT.toMillis());
        client.setIdleTimeout(settings.timeout().toMillis());
        client.setMaxConnectionsPerDestination(settings.requestsMax() + settings.eventSourcesMax());
        client.setMaxRequestsQueuedPerDestination(settings.requestsMax());
        client.setUserAgentField(null);
    }

    @Override
    protected org.eclipse.jetty.client.Request newProxyToServerRequest(Request client, HttpURI uri) {
        org.eclipse.jetty.client.Request toJames = super.newProxyToServerRequest(client, uri);
        if (JmapRoute.of(Request.getPathInContext(client))
                .filter(JmapRoute.EVENT_SOURCE::equals)
                .isPresent()) {
            toJames.idleTimeout(EVENT_SOURCE_SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return toJames;
    }

    @Override
    protected void addProxyHeaders(Request client, org.eclipse.jetty.client.Request james) {
        // The signed principal carries the client's address; James believes nothing else.
    }

    @Override
    protected @Nullable HttpField filterServerToProxyResponseField(HttpField field) {
        String name = field.getLowerCaseName();
        boolean dropped = KEPT_HERE.contains(name)
                || name.startsWith("x-")
                || name.startsWith("access-control-"); // other sites' pages have no business here
        return dropped ? null : field;
    }

    @Override
    protected org.eclipse.jetty.client.Response.CompleteListener newServerToProxyResponseListener(
            Request client, org.eclipse.jetty.client.Request toJames, Response response, Callback callback) {
        return new ProxyResponseListener(client, toJames, response, callback) {
            @Override
            public void onBegin(org.eclipse.jetty.client.Response answer) {
                super.onBegin(answer);
                if (answer.getStatus() == HttpStatus.UNAUTHORIZED_401 || answer.getStatus() >= 500) {
                    // Its text may tell what went wrong inside; a client that signed in here must not be asked again.
                    var _ = answer.abort(new JamesFailed(answer.getStatus()));
                }
            }

            @Override
            public void onHeaders(org.eclipse.jetty.client.Response answer) {
                super.onHeaders(answer);
                harden(client, response);
                if (isEventStream(answer)) {
                    flush(response);
                }
            }
        };
    }

    @Override
    protected void onServerToProxyResponseFailure(
            Request client,
            org.eclipse.jetty.client.Request toJames,
            org.eclipse.jetty.client.@Nullable Response answer,
            Response response,
            Callback callback,
            Throwable failure) {
        if (response.isCommitted()) {
            callback.failed(failure);
            return;
        }
        response.reset();
        if (failure instanceof HttpException refusal) { // of the client's body
            Response.writeError(client, response, callback, refusal.getCode());
            return;
        }
        LOG.warn("event=jmap-failed james={} reason=\"{}\"", james, failure.toString());
        int status = status(failure);
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        Response.writeError(client, response, callback, status);
    }

    /** What the client is told of a failure: whether the same request may succeed soon, and nothing else about us. */
    private static int status(Throwable failure) {
        return switch (failure) {
            case TimeoutException _ -> HttpStatus.GATEWAY_TIMEOUT_504;
            case JamesFailed james when james.status == HttpStatus.SERVICE_UNAVAILABLE_503 -> james.status;
            default -> HttpStatus.BAD_GATEWAY_502;
        };
    }

    /** What people sent each other is never a page of ours: it is saved, not shown. */
    private static void harden(Request client, Response response) {
        if (Request.getPathInContext(client).startsWith("/download/")) {
            String disposition = response.getHeaders().get("Content-Disposition");
            if (disposition == null || !disposition.toLowerCase(Locale.ROOT).startsWith("attachment")) {
                response.getHeaders().put("Content-Disposition", "attachment");
            }
            response.getHeaders().put("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'");
        }
        if (!response.getHeaders().contains(HttpHeader.CACHE_CONTROL)) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        }
    }

    private static boolean isEventStream(org.eclipse.jetty.client.Response answer) {
        String type = answer.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type != null && type.startsWith("text/event-stream");
    }

    /** A client that waits for changes wants to know that it is connected, long before the first one. */
    private static void flush(Response response) {
        try (Blocker.Callback written = Blocker.callback()) {
            response.write(false, null, written);
            written.block();
        } catch (IOException e) {
            LOG.debug("event=jmap-event-source-gone");
        }
    }

    /** James answered, but not for the client. */
    private static final class JamesFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;

        JamesFailed(int status) {
            super("James answered " + status, null, false, false);
            this.status = status;
        }
    }
}
