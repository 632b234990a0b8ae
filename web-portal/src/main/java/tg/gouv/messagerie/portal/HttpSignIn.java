package tg.gouv.messagerie.portal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.signin.ProviderUnavailable;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/**
 * Signs programs in by what their request says of them, each request anew, and answers who does not come in.
 *
 * @param publicUrl where our own pages are: no other site's page may ask with credentials that a browser keeps
 */
record HttpSignIn(SignIns signIns, SignIns.Protocol protocol, PublicUrl publicUrl, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSignIn.class);

    /** After how long a client should try again what failed for a reason of ours. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** Who comes in; empty if the request has been answered. Blocks. */
    Optional<SignIn.Granted> granted(Request request, Response response, Callback callback) {
        Optional<Credentials> credentials = Credentials.of(request.getHeaders(), signIns);
        if (credentials.isEmpty()) {
            return challenged(BearerCredentials.CHALLENGE, request, response, callback);
        }
        SignIn outcome;
        try {
            outcome = credentials.get().signIn(signIns, client(request), protocol);
        } catch (ProviderUnavailable _) { // the log of sign-ins tells it
            unavailable(request, response, callback);
            return Optional.empty();
        } catch (StoreUnavailable e) {
            LOG.error("event=http-sign-in-unavailable protocol={} reason=\"{}\"", protocol, e.getMessage());
            unavailable(request, response, callback);
            return Optional.empty();
        }
        return switch (outcome) {
            case SignIn.Granted granted -> Optional.of(granted);
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
                refused(HttpStatus.TOO_MANY_REQUESTS_429, request, response, callback); // RFC 6585 section 4
                yield Optional.empty();
            }
        };
    }

    /**
     * Asks for credentials.
     *
     * @param bearer the challenge beside Basic's where tokens are taken
     */
    private Optional<SignIn.Granted> challenged(String bearer, Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, BasicCredentials.CHALLENGE);
        if (signIns.provider().isPresent()) {
            response.getHeaders().add(HttpHeader.WWW_AUTHENTICATE, bearer);
        }
        refused(HttpStatus.UNAUTHORIZED_401, request, response, callback);
        return Optional.empty();
    }

    /** A browser keeps Basic credentials and adds them to what any page asks: only our own pages may ask (RFC 6454). */
    boolean isFromAnotherSite(Request request) {
        for (String origin : request.getHeaders().getValuesList(HttpHeader.ORIGIN)) {
            if (!origin.equals(publicUrl.toString())) {
                return true;
            }
        }
        return Set.of("cross-site", "same-site")
                .contains(String.valueOf(request.getHeaders().get("Sec-Fetch-Site")));
    }

    /** Answers that it may be tried again soon; true. */
    static boolean unavailable(Request request, Response response, Callback callback) {
        putRetryAfter(RETRY, response);
        return refused(HttpStatus.SERVICE_UNAVAILABLE_503, request, response, callback);
    }

    /** Answers with the error page of a status; true. */
    static boolean refused(int status, Request request, Response response, Callback callback) {
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

    /** Where a request comes from. */
    static InetAddress client(Request request) {
        if (request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket) {
            return socket.getAddress();
        }
        throw new IllegalStateException("a client without an address");
    }
}
