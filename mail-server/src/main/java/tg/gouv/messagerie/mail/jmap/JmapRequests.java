package tg.gouv.messagerie.mail.jmap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.james.jmap.Endpoint;
import org.apache.james.jmap.JMAPRoute;
import org.apache.james.jmap.JMAPRoutes;
import org.apache.james.jmap.core.RequestObject;
import org.apache.james.jmap.http.Authenticator;
import org.apache.james.jmap.http.rfc8621.InjectionKeys;
import org.apache.james.jmap.json.ResponseSerializer;
import org.apache.james.jmap.routes.JMAPApi;
import org.apache.james.mailbox.MailboxSession;
import play.api.libs.json.JsResult;
import play.api.libs.json.Json;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/*
 * In the place of James's route, which reads requests of any size and any number of calls, whatever the session announces
 * (RFC 8620 section 2), and tells a client what went wrong inside.
 */
/** Requests to the JMAP API (RFC 8620 section 3.3), within the announced bounds. */
public final class JmapRequests implements JMAPRoutes {
    private static final ObjectMapper JSON = new ObjectMapper(); // nothing nested more than 1,000 times

    private final Authenticator authenticator;
    private final JMAPApi api;

    /** Requests to these methods. */
    @Inject
    public JmapRequests(@Named(InjectionKeys.RFC_8621) Authenticator authenticator, JMAPApi api) {
        this.authenticator = authenticator;
        this.api = api;
    }

    @Override
    public Stream<JMAPRoute> routes() {
        return Stream.of(JMAPRoute.builder()
                .endpoint(Endpoint.ofFixedPath(HttpMethod.POST, "/jmap"))
                .action(this::post)
                .noCorsHeaders());
    }

    /** A bound of the session object was passed. */
    private static final class Limit extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String bound;

        Limit(String bound) {
            super(bound);
            this.bound = bound;
        }
    }

    private Mono<Void> post(HttpServerRequest request, HttpServerResponse response) {
        return authenticator
                .authenticate(request)
                .flatMap(session -> body(request).flatMap(bytes -> answer(bytes, session, response)))
                .onErrorResume(failure -> problem(failure, response));
    }

    private static Mono<byte[]> body(HttpServerRequest request) {
        return request.receive()
                .asByteArray()
                .collect(ByteArrayOutputStream::new, (body, part) -> {
                    if (body.size() + part.length > JmapBounds.SIZE_REQUEST_MAX) {
                        throw new Limit("maxSizeRequest");
                    }
                    body.writeBytes(part);
                })
                .map(ByteArrayOutputStream::toByteArray)
                .defaultIfEmpty(new byte[0]);
    }

    private Mono<Void> answer(byte[] body, MailboxSession session, HttpServerResponse response) {
        return Mono.defer(() -> api.process(request(body), session).asJava())
                .map(answer ->
                        Json.stringify(ResponseSerializer.serialize(answer)).getBytes(StandardCharsets.UTF_8))
                .flatMap(bytes -> JmapProblem.send(response, 200, "application/json;charset=utf-8", bytes));
    }

    private static RequestObject request(byte[] body) {
        JsonNode read;
        try {
            read = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new NotJson(e);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e); // it is in memory
        }
        if (read.path("methodCalls").size() > JmapBounds.CALLS_IN_REQUEST_MAX) {
            throw new Limit("maxCallsInRequest");
        }
        JsResult<RequestObject> request =
                ResponseSerializer.deserializeRequestObject(new String(body, StandardCharsets.UTF_8));
        if (request.isError()) {
            throw new IllegalArgumentException("it is not a Request of RFC 8620 section 3.3");
        }
        return request.get();
    }

    private static final class NotJson extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotJson(Throwable cause) {
            super(cause);
        }
    }

    /** RFC 8620 section 3.6.1. */
    private static Mono<Void> problem(Throwable failure, HttpServerResponse response) {
        JmapProblem problem = switch (failure) {
            case Limit limit ->
                JmapProblem.of(400, "urn:ietf:params:jmap:error:limit", "More than the session announces")
                        .with("limit", limit.bound);
            case NotJson _ -> JmapProblem.of(400, "urn:ietf:params:jmap:error:notJSON", "This is not I-JSON");
            default -> JmapProblem.of(failure);
        };
        return problem.send(response);
    }
}
