package tg.gouv.messagerie.portal;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.dav.DavNames;
import tg.gouv.messagerie.platform.dav.DavResource;
import tg.gouv.messagerie.platform.dav.Depth;
import tg.gouv.messagerie.platform.dav.Multistatus;
import tg.gouv.messagerie.platform.dav.PropFind;
import tg.gouv.messagerie.platform.http.BoundedBody;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.xml.XmlRefused;
import tg.gouv.messagerie.platform.xml.XmlText;

/*
 * Every request signs in by itself, so what is taken from somebody is taken with the next one. Who did not sign in learns nothing of what is
 * there, and no body of theirs is read.
 */
/** WebDAV (RFC 4918) on the HTTPS port: signs the client in, and shows who that is ({@link Principals}). */
public final class DavDoor extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(DavDoor.class);
    private static final String METHODS = "OPTIONS, PROPFIND";

    /** More than a client asks of properties. */
    private static final ByteSize BODY_MAX = ByteSize.parse("256KB");

    private final HttpSignIn signIn;

    /** The door, at an address that clients know. */
    public DavDoor(SignIns signIns, PublicUrl publicUrl, InstantSource clock) {
        this.signIn = new HttpSignIn(signIns, SignIns.Protocol.DAV, publicUrl, clock);
    }

    /** This door at its prefix, for {@link HttpServer#start}. */
    public Map<String, Handler> byPathPrefix() {
        return Map.of("/dav", this);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (signIn.isFromAnotherSite(request)) {
            return HttpSignIn.refused(HttpStatus.FORBIDDEN_403, request, response, callback);
        }
        return switch (request.getMethod()) {
            case "OPTIONS" -> {
                response.getHeaders().put("DAV", "1, 3"); // RFC 4918 section 18
                response.getHeaders().put(HttpHeader.ALLOW, METHODS);
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
                callback.succeeded();
                yield true;
            }
            case "PROPFIND" -> propFind(request, response, callback);
            default -> {
                response.getHeaders().put(HttpHeader.ALLOW, METHODS);
                yield HttpSignIn.refused(HttpStatus.METHOD_NOT_ALLOWED_405, request, response, callback);
            }
        };
    }

    private boolean propFind(Request request, Response response, Callback callback) throws Exception {
        Optional<SignIn.Granted> granted = signIn.granted(request, response, callback);
        if (granted.isEmpty()) {
            return true;
        }
        Optional<Depth> depth = Depth.of(request.getHeaders().get("Depth"));
        if (depth.isEmpty()) {
            return HttpSignIn.refused(HttpStatus.BAD_REQUEST_400, request, response, callback);
        }
        if (request.getLength() > BODY_MAX.bytes()) {
            return HttpSignIn.refused(HttpStatus.PAYLOAD_TOO_LARGE_413, request, response, callback);
        }
        PropFind asked;
        try {
            ByteBuffer body = Content.Source.asByteBuffer(new BoundedBody(request, BODY_MAX));
            byte[] xml = new byte[body.remaining()];
            body.get(xml);
            asked = PropFind.read(xml);
        } catch (XmlRefused e) {
            LOG.debug("event=propfind-unreadable reason=\"{}\"", e.getMessage());
            return HttpSignIn.refused(HttpStatus.BAD_REQUEST_400, request, response, callback);
        }
        if (depth.get() == Depth.INFINITY) { // RFC 4918 section 9.1
            return written(HttpStatus.FORBIDDEN_403, finiteDepth(), response, callback);
        }
        List<DavResource> found =
                new Principals(granted.get().account()).at(Request.getPathInContext(request), depth.get());
        return found.isEmpty()
                ? HttpSignIn.refused(HttpStatus.NOT_FOUND_404, request, response, callback)
                : written(HttpStatus.MULTI_STATUS_207, Multistatus.of(found, asked), response, callback);
    }

    /** RFC 4918 section 16. */
    private static byte[] finiteDepth() {
        return new XmlText()
                .open("D:error", "xmlns:D", DavNames.DAV)
                .empty("D:propfind-finite-depth")
                .close()
                .bytes();
    }

    private static boolean written(int status, byte[] xml, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/xml;charset=utf-8");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, xml.length);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "private, no-cache");
        response.write(true, ByteBuffer.wrap(xml), callback);
        return true;
    }
}
