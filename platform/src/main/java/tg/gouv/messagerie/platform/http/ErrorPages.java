package tg.gouv.messagerie.platform.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What a client reads when there is no other answer: a sentence in French or English, as a page, text or JSON, and nothing about us. */
final class ErrorPages implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException refusal) {
            status = refusal.getCode();
            response.setStatus(status);
        }
        HttpFields.Mutable headers = response.getHeaders();
        SecurityHeaders.put(request, headers);
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        if (HttpStatus.hasNoBody(status)) {
            callback.succeeded();
            return true;
        }
        ErrorTexts texts = ErrorTexts.of(languages(request));
        Form form = form(request);
        headers.put(HttpHeader.CONTENT_TYPE, form.type);
        headers.put(HttpHeader.CONTENT_LANGUAGE, texts.language());
        headers.put(HttpHeader.VARY, "Accept, Accept-Language");
        String written = switch (form) {
            case PAGE -> page(status, texts);
            case TEXT -> text(status, texts);
            case JSON -> json(status, texts);
        };
        byte[] body = written.getBytes(StandardCharsets.UTF_8);
        headers.put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    private static List<String> languages(Request request) {
        return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_LANGUAGE);
    }

    private static Form form(Request request) {
        for (String range : request.getHeaders().getQualityCSV(HttpHeader.ACCEPT)) {
            int parameters = range.indexOf(';');
            switch ((parameters < 0 ? range : range.substring(0, parameters))
                    .strip()
                    .toLowerCase(Locale.ROOT)) {
                case "text/html", "application/xhtml+xml", "text/*" -> {
                    return Form.PAGE;
                }
                case "application/problem+json", "application/json", "application/*" -> {
                    return Form.JSON;
                }
                case "text/plain" -> {
                    return Form.TEXT;
                }
                default -> {} // the next range, or ours
            }
        }
        return request.getAttribute(HttpServer.ERRORS_AS_JSON) == null ? Form.PAGE : Form.JSON;
    }

    private static String page(int status, ErrorTexts texts) {
        return """
                <!DOCTYPE html>
                <html lang="%1$s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark">
                <title>%2$s</title>
                </head>
                <body>
                <main>
                <h1>%2$s</h1>
                <p>%3$s</p>
                <p><small>%4$d</small></p>
                </main>
                </body>
                </html>
                """.formatted(texts.language(), texts.title(status), texts.detail(status), status);
    }

    private static String text(int status, ErrorTexts texts) {
        return status + " " + texts.title(status) + "\n" + texts.detail(status) + "\n";
    }

    /** RFC 9457 section 3.1: {@code about:blank} says no more than the status. Our sentences need no escape; a test reads them all. */
    private static String json(int status, ErrorTexts texts) {
        return "{\"type\":\"about:blank\",\"status\":%d,\"title\":\"%s\",\"detail\":\"%s\"}\n"
                .formatted(status, texts.title(status), texts.detail(status));
    }

    private enum Form {
        PAGE("text/html;charset=utf-8"),
        TEXT("text/plain;charset=utf-8"),
        JSON("application/problem+json");

        private final String type;

        Form(String type) {
            this.type = type;
        }
    }
}
