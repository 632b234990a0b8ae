package tg.gouv.messagerie.platform.http;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Small doors that tests put behind the server. */
final class Doors {
    private Doors() {}

    /** Says a text. */
    static Handler saying(Saying text) {
        return new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                Content.Sink.write(response, true, text.to(request), callback);
                return true;
            }
        };
    }

    /** Says how many bytes it was sent. */
    static Handler counting() {
        return saying(request -> {
            try (var body = Content.Source.asInputStream(request)) {
                return Integer.toString(body.readAllBytes().length);
            }
        });
    }

    /** What a door says. */
    @FunctionalInterface
    interface Saying {
        String to(Request request) throws Exception;
    }
}
