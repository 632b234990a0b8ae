package tg.gouv.messagerie.platform.metrics;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers one exact path, to GET and HEAD, with what is true at that moment. */
final class ReadDoor extends Handler.Abstract {
    private final String path;
    private final Supplier<Said> now;

    private ReadDoor(String path, Supplier<Said> now) {
        this.path = path;
        this.now = now;
    }

    static ReadDoor metrics(Metrics metrics) {
        return new ReadDoor(
                "/metrics",
                () -> new Said(HttpStatus.OK_200, "text/plain; version=0.0.4; charset=utf-8", metrics.text()));
    }

    static ReadDoor health(Health health) {
        return new ReadDoor("/health", () -> {
            Health.Report report = health.ask();
            int status = report.isWell() ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503;
            return new Said(status, "application/json", report.json());
        });
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).equals(path)) {
            return false;
        }
        if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD"); // RFC 9110 section 15.5.6
            Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
            return true;
        }
        Said said = now.get();
        byte[] body = said.text().getBytes(StandardCharsets.UTF_8);
        response.setStatus(said.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, said.type());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    private record Said(int status, String type, String text) {}
}
