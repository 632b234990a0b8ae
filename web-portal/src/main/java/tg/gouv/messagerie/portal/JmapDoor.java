package tg.gouv.messagerie.portal;

import java.net.InetAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.mail.JmapPrincipal;
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
    private final HttpSignIn signIn;
    private final Sessions sessions;
    private final JmapKey key;
    private final JmapDoorSettings settings;
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
        this.signIn = new HttpSignIn(signIns, SignIns.Protocol.JMAP, settings.publicUrl(), clock);
        this.sessions = sessions;
        this.key = key;
        this.settings = settings;
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
            return HttpSignIn.refused(HttpStatus.METHOD_NOT_ALLOWED_405, request, response, callback);
        }
        if (signIn.isFromAnotherSite(request)) {
            return HttpSignIn.refused(HttpStatus.FORBIDDEN_403, request, response, callback);
        }
        if (route.get() == JmapRoute.WELL_KNOWN) {
            // Relative: a client stays where it is known, and keeps its credentials.
            response.setStatus(HttpStatus.TEMPORARY_REDIRECT_307);
            response.getHeaders().put(HttpHeader.LOCATION, "/jmap/session");
            callback.succeeded();
            return true;
        }
        if (route.get() == JmapRoute.API && !isJson(request)) {
            return HttpSignIn.refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, request, response, callback);
        }
        return signedIn(route.get(), request, response, callback);
    }

    private boolean signedIn(JmapRoute route, Request request, Response response, Callback callback) throws Exception {
        Optional<SignIn.Granted> found = signIn.granted(request, response, callback);
        if (found.isEmpty()) {
            return true;
        }
        SignIn.Granted granted = found.get();
        if (granted
                .readsOnly()) { // JMAP has no way yet to open a mailbox to read only: who may not write reads over IMAP
            return HttpSignIn.refused(HttpStatus.FORBIDDEN_403, request, response, callback);
        }
        return passedOn(
                route,
                granted,
                new JmapPrincipal(
                        granted.account().primary(),
                        granted.account().id(),
                        granted.actor().id(),
                        HttpSignIn.client(request)),
                request,
                response,
                callback);
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
            return HttpSignIn.refused(HttpStatus.PAYLOAD_TOO_LARGE_413, request, response, callback);
        }
        Semaphore places = route == JmapRoute.EVENT_SOURCE ? eventSources : requests;
        if (!places.tryAcquire()) {
            return HttpSignIn.unavailable(request, response, callback);
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

    private static boolean isJson(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type != null
                && type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals("application/json");
    }
}
