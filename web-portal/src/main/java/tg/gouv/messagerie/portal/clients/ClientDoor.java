package tg.gouv.messagerie.portal.clients;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** A door for programs that nobody has signed in with yet; says the same of addresses that exist and of those that do not. */
abstract class ClientDoor extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(ClientDoor.class);
    private static final int RETRY_SECONDS = 30;

    /** What is answered: a document of this server, or a status without one. */
    sealed interface Answer {
        /** A document. */
        record Document(ByteBuffer xml) implements Answer {}

        /** An error page of this status. */
        record Status(int status) implements Answer {}

        /** Only these methods. */
        record Only(String methods) implements Answer {}

        /** Elsewhere (RFC 9110 section 15.4.2). */
        record Moved(String location) implements Answer {}
    }

    /** What this door says. */
    abstract Answer answer(Request request) throws Exception;

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Answer answer;
        try {
            answer = answer(request);
        } catch (StoreUnavailable e) {
            LOG.warn("event=client-setup-unavailable reason=\"{}\"", e.getMessage());
            response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
            answer = new Answer.Status(HttpStatus.SERVICE_UNAVAILABLE_503);
        }
        switch (answer) {
            case Answer.Document document -> {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/xml;charset=utf-8");
                response.getHeaders()
                        .put(HttpHeader.CONTENT_LENGTH, document.xml().remaining());
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                response.write(true, document.xml(), callback);
            }
            case Answer.Status status -> Response.writeError(request, response, callback, status.status());
            case Answer.Only only -> {
                response.getHeaders().put(HttpHeader.ALLOW, only.methods());
                Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
            }
            case Answer.Moved moved -> {
                response.setStatus(HttpStatus.MOVED_PERMANENTLY_301);
                response.getHeaders().put(HttpHeader.LOCATION, moved.location());
                callback.succeeded();
            }
        }
        return true;
    }
}
