package tg.gouv.messagerie.mail.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.apache.james.jmap.core.ProblemDetails;
import org.apache.james.jmap.exceptions.UnauthorizedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import tg.gouv.messagerie.mail.Trouble;
import tg.gouv.messagerie.platform.help.HelpCode;

/**
 * Why a request as a whole was not done (RFC 9457, RFC 8620 section 3.6.1).
 *
 * @param retryAfterSeconds when it is worth trying again; 0 if nothing is known of that
 */
record JmapProblem(int status, ObjectNode details, int retryAfterSeconds) {
    private static final Logger LOG = LoggerFactory.getLogger(JmapProblem.class);

    /** Whoever waits for room waits for an operator. */
    private static final int FULL_SECONDS = 60;

    private static final int AWAY_SECONDS = 10;

    /** A problem of the client's making. */
    static JmapProblem of(int status, String type, String detail) {
        return new JmapProblem(status, details(status, type, detail), 0);
    }

    /** The problem that a failure is. */
    static JmapProblem of(Throwable failure) {
        return switch (Trouble.of(failure)) {
            case FULL -> later(failure, HelpCode.NO_ROOM.after("The server has no room left"), FULL_SECONDS);
            case AWAY -> later(failure, HelpCode.TRY_LATER.after("Temporarily unavailable"), AWAY_SECONDS);
            case DAMAGED -> {
                LOG.error("event=jmap_damaged", failure);
                yield of(
                        500,
                        "about:blank",
                        HelpCode.DAMAGED.after("The message is damaged on the server; tell the administrator"));
            }
            case OURS -> {
                ProblemDetails known = ProblemDetails.forThrowable(failure);
                int status = known.status().code();
                yield of(status, known.type(), status >= 500 ? "Internal error" : known.detail());
            }
        };
    }

    private static JmapProblem later(Throwable failure, String detail, int seconds) {
        LOG.warn("event=jmap_unavailable reason=\"{}\"", failure.toString());
        return new JmapProblem(503, details(503, "about:blank", detail), seconds); // RFC 9110 section 15.6.4
    }

    private static ObjectNode details(int status, String type, String detail) {
        return JmapCall.object().put("type", type).put("status", status).put("detail", detail);
    }

    /** The same with one more field. */
    JmapProblem with(String field, String value) {
        ObjectNode more = details.deepCopy();
        more.put(field, value);
        return new JmapProblem(status, more, retryAfterSeconds);
    }

    /** Sends it. */
    Mono<Void> send(HttpServerResponse response) {
        if (retryAfterSeconds > 0) {
            response.header("Retry-After", Integer.toString(retryAfterSeconds));
        }
        return send(
                response, status, "application/problem+json", details.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The same for who did not say well enough who they are. */
    Mono<Void> send(HttpServerResponse response, Throwable failure) {
        if (failure instanceof UnauthorizedException unauthorized) {
            unauthorized.addHeaders(response);
        }
        return send(response);
    }

    static Mono<Void> send(HttpServerResponse response, int status, String type, byte[] bytes) {
        return response.status(status)
                .header("Content-Type", type)
                .header("Content-Length", Integer.toString(bytes.length))
                .sendByteArray(Mono.just(bytes))
                .then();
    }
}
