package tg.gouv.messagerie.portal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.signin.ProviderUnavailable;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.mail.JmapPrincipal;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.http.BoundedBody;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Endpoint;

/*
 * A request comes in by a path and method of JmapRoute, from our own pages or a program (never another site's page), with
 * credentials that SignIns grants; it goes on as a JmapRequest, in which the client can have written nothing that James
 * believes. Order matters: whoever did not sign in sends no body anywhere.
 */
/** JMAP (RFC 8620) on the HTTPS port: signs the client in, and passes the request to James on the loopback interface. */
public final class JmapDoor extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(JmapDoor.class);

    /** After how long a client should try again what failed for a reason of ours. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final SignIns signIns;
    private final Sessions sessions;
    private final JmapKey key;
    private final JmapDoorSettings settings;
    private final InstantSource clock;
    private final Semaphore requests;
    private final Semaphore eventSources;

    /**
     * A door to the JMAP that listens at {@code james}, a loopback address.
     *
     * @param key the one James's authentication holds
     */
    public JmapDoor(
            JmapDoorSettings settings,
            Endpoint james,
            SignIns signIns,
            Sessions sessions,
            JmapKey key,
            InstantSource clock) {
        super(new JmapProxy(URI.create("http://" + james), settings));
        if (!InetAddress.ofLiteral(james.host()).isLoopbackAddress()) {
            throw new IllegalStateException("James's JMAP must be on a loopback address, found " + james);
        }
        this.signIns = signIns;
        this.sessions = sessions;
        this.key = key;
        this.settings = settings;
        this.clock = clock;
        this.requests = new Semaphore(settings.requestsMax());
        this.eventSources = new Semaphore(settings.eventSourcesMax());
    }

    /** This door at each prefix it owns, for {@link HttpServer#start}. */
    public Map<String, Handler> byPathPrefix() {
        Map<String, Handler> prefixes = new TreeMap<>();
        JmapRoute.PREFIXES.forEach(prefix -> prefixes.put(prefix, this));
        return prefixes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        request.setAttribute(HttpServer.ERRORS_AS_JSON, true); // RFC 8620 section 3.6.1
        Optional<JmapRoute> route = JmapRoute.of(Request.getPathInContext(request));
        if (route.isEmpty()) {
            return false;
        }
        if (!route.get().method().equals(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, route.get().method());
            return refused(HttpStatus.METHOD_NOT_ALLOWED_405, request, response, callback);
        }
        if (isFromAnotherSite(request)) {
            return refused(HttpStatus.FORBIDDEN_403, request, response, callback);
        }
        if (route.get() == JmapRoute.WELL_KNOWN) {
            // Relative: a client stays where it is known, and keeps its credentials.
            response.setStatus(HttpStatus.TEMPORARY_REDIRECT_307);
            response.getHeaders().put(HttpHeader.LOCATION, "/jmap/session");
            callback.succeeded();
            return true;
        }
        if (route.get() == JmapRoute.API && !isJson(request)) {
            return refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, request, response, callback);
        }
        return signedIn(route.get(), request, response, callback);
    }

    private boolean signedIn(JmapRoute route, Request request, Response response, Callback callback) throws Exception {
        Optional<Credentials> credentials = Credentials.of(request.getHeaders(), signIns);
        if (credentials.isEmpty()) {
            return challenged(BearerCredentials.CHALLENGE, request, response, callback);
        }
        InetAddress client = client(request);
        SignIn outcome;
        try {
            outcome = credentials.get().signIn(signIns, client);
        } catch (ProviderUnavailable _) { // the log of sign-ins tells it
            return unavailable(RETRY, request, response, callback);
        } catch (StoreUnavailable e) {
            LOG.error("event=jmap-sign-in-unavailable reason=\"{}\"", e.getMessage());
            return unavailable(RETRY, request, response, callback);
        }
        return switch (outcome) {
            // JMAP has no way yet to open a mailbox to read only: who may not write reads over IMAP.
            case SignIn.Granted granted
            when granted.readsOnly() -> refused(HttpStatus.FORBIDDEN_403, request, response, callback);
            case SignIn.Granted granted ->
                passedOn(
                        route,
                        granted,
                        new JmapPrincipal(
                                granted.account().primary(),
                                granted.account().id(),
                                granted.actor().id(),
                                client),
                        request,
                        response,
                        callback);
            case SignIn.Refused() ->
                challenged(
                        credentials.get() instanceof BearerCredentials
                                ? BearerCredentials.WRONG
                                : BearerCredentials.CHALLENGE,
                        request,
                        response,
                        callback);
            case SignIn.Throttled(var until) -> {
                putRetryAfter(Duration.between(clock.instant(), until), response);
                yield refused(HttpStatus.TOO_MANY_REQUESTS_429, request, response, callback); // RFC 6585 section 4
            }
        };
    }

    private boolean passedOn(
            JmapRoute route,
            SignIn.Granted granted,
            JmapPrincipal principal,
            Request request,
            Response response,
            Callback callback)
            throws Exception {
        ByteSize most = route == JmapRoute.UPLOAD ? settings.uploadSizeMax() : settings.requestSizeMax();
        if (request.getLength() > most.bytes()) {
            return refused(HttpStatus.PAYLOAD_TOO_LARGE_413, request, response, callback);
        }
        Semaphore places = route == JmapRoute.EVENT_SOURCE ? eventSources : requests;
        if (!places.tryAcquire()) {
            return unavailable(RETRY, request, response, callback);
        }
        Request.addCompletionListener(request, _ -> places.release());
        if (route == JmapRoute.EVENT_SOURCE) { // every other request signs in by itself, and is over soon
            Sessions.Session session = sessions.began(
                    granted,
                    SignIns.Protocol.JMAP,
                    principal.client(),
                    () -> request.getConnectionMetaData().getConnection().close());
            Request.addCompletionListener(request, _ -> session.close());
        }
        return super.handle(
                new JmapRequest(new BoundedBody(request, most), key.sign(principal), settings), response, callback);
    }

    /**
     * Asks for credentials.
     *
     * @param bearer the challenge beside Basic's where tokens are taken
     */
    private boolean challenged(String bearer, Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, BasicCredentials.CHALLENGE);
        if (signIns.provider().isPresent()) {
            response.getHeaders().add(HttpHeader.WWW_AUTHENTICATE, bearer);
        }
        return refused(HttpStatus.UNAUTHORIZED_401, request, response, callback);
    }

    private static boolean unavailable(Duration retry, Request request, Response response, Callback callback) {
        putRetryAfter(retry, response);
        return refused(HttpStatus.SERVICE_UNAVAILABLE_503, request, response, callback);
    }

    private static boolean refused(int status, Request request, Response response, Callback callback) {
        Response.writeError(request, response, callback, status);
        return true;
    }

    /** RFC 9110 section 10.2.3: whole seconds. */
    private static void putRetryAfter(Duration wait, Response response) {
        response.getHeaders()
                .put(
                        HttpHeader.RETRY_AFTER,
                        Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
    }

    /** A browser keeps Basic credentials and adds them to what any page asks: only our own pages may ask (RFC 6454). */
    private boolean isFromAnotherSite(Request request) {
        for (String origin : request.getHeaders().getValuesList(HttpHeader.ORIGIN)) {
            if (!origin.equals(settings.publicUrl().toString())) {
                return true;
            }
        }
        return Set.of("cross-site", "same-site")
                .contains(String.valueOf(request.getHeaders().get("Sec-Fetch-Site")));
    }

    private static boolean isJson(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type != null
                && type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals("application/json");
    }

    private static InetAddress client(Request request) {
        if (request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket) {
            return socket.getAddress();
        }
        throw new IllegalStateException("a client without an address");
    }
}
