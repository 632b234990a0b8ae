package tg.gouv.messagerie.portal;

import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import tg.gouv.messagerie.mail.JmapKey;

/**
 * A client's request as James may see it: the few headers JMAP needs, and ours. Whatever else the client sent, credentials,
 * cookies, what proxies add and what James believes, stays here.
 */
final class JmapRequest extends Request.Wrapper {
    /** James builds the URLs of the session from these two (its setting {@code dynamic.jmap.prefix.resolution.enabled}). */
    static final String PREFIX = "X-JMAP-PREFIX";

    static final String WEBSOCKET_PREFIX = "X-JMAP-WEBSOCKET-PREFIX";

    private static final Set<String> PASSED = Set.of(
            "accept",
            "accept-language",
            "content-type",
            "content-length",
            "transfer-encoding", // read by the proxy to see that there is a body; not passed on
            "last-event-id");

    private final HttpFields headers;

    JmapRequest(Request request, String principal, JmapDoorSettings settings) {
        super(request);
        HttpFields.Mutable passed = HttpFields.build();
        for (HttpField field : request.getHeaders()) {
            if (PASSED.contains(field.getLowerCaseName())) {
                passed.add(field);
            }
        }
        passed.put(JmapKey.HEADER, principal);
        passed.put(PREFIX, settings.publicUrl().toString());
        passed.put(WEBSOCKET_PREFIX, settings.publicUrl().webSocket());
        headers = passed.asImmutable();
    }

    @Override
    public HttpFields getHeaders() {
        return headers;
    }
}
