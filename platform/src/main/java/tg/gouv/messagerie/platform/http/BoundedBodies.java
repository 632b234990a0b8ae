package tg.gouv.messagerie.platform.http;

import java.time.Duration;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tg.gouv.messagerie.platform.settings.ByteSize;

/**
 * Gives every request a body with a bound on its size and a lower bound on its pace. A body that its door left unread is let go before the
 * request is over: the connection serves on.
 */
final class BoundedBodies extends Handler.Wrapper {
    /** How much of a body that nobody wants is let go. */
    private static final ByteSize LET_GO_MAX = ByteSize.parse("256MB");

    private final ByteSize most;
    private final ByteSize leastPerSecond;
    private final Duration grace;

    BoundedBodies(HttpSettings settings, Handler handler) {
        super(handler);
        this.most = settings.bodySizeMax();
        this.leastPerSecond = settings.bodyRateMin();
        this.grace = settings.headTimeout();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getLength() > most.bytes()) {
            new BoundedBody(request, LET_GO_MAX, leastPerSecond, grace)
                    .letGo(() -> Response.writeError(request, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413));
            return true;
        }
        // Silence while a door works is ours: it fails a request only where the client is read from or written to.
        request.addIdleTimeoutListener(timeout -> false);
        BoundedBody body = new BoundedBody(request, most, leastPerSecond, grace);
        return super.handle(body, response, new Callback.Nested(callback) {
            @Override
            public void succeeded() {
                body.letGo(super::succeeded);
            }
        });
    }
}
