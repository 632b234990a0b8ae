package tg.gouv.messagerie.portal.pages;

import gg.jte.models.runtime.JteModel;
import gg.jte.output.Utf8ByteOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes an answer: what may be loaded beside a page is said with it, nobody keeps it, and it is compressed. */
final class Writing {
    private static final Logger LOG = LoggerFactory.getLogger(Writing.class);

    /** Our stylesheet, and our forms, which send to us alone. */
    private static final HttpField PLAIN = policy("");

    /** The same, and our script. */
    private static final HttpField SCRIPTED = policy("script-src 'self'; ");

    private static final byte[] NOTHING = {};

    private final Request request;
    private final Response response;
    private final Callback callback;

    Writing(Request request, Response response, Callback callback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    private static HttpField policy(String more) {
        return new PreEncodedHttpField(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; " + more
                        + "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    }

    /**
     * Writes it.
     *
     * @param late a cookie that may turn out to be needed while the page is made
     */
    void write(Reply reply, Locale language, Supplier<Optional<String>> late) {
        byte[] page = reply.page().map(Writing::made).orElse(NOTHING);
        HttpFields.Mutable headers = response.getHeaders();
        response.setStatus(reply.status());
        late.get().ifPresent(each -> headers.add(HttpHeader.SET_COOKIE, each));
        headers.put(HttpHeader.CACHE_CONTROL, "no-store, no-cache"); // lynx knows no-cache, as the last word
        reply.cookies().forEach(each -> headers.add(HttpHeader.SET_COOKIE, each));
        reply.location().ifPresent(each -> headers.put(HttpHeader.LOCATION, each));
        if (reply.status() == 503) {
            headers.put(HttpHeader.RETRY_AFTER, "10");
        }
        if (reply.file().isPresent()) {
            write(reply.file().get());
            return;
        }
        if (reply.page().isEmpty()) {
            callback.succeeded();
            return;
        }
        reply.again().ifPresent(it -> headers.put("Refresh", String.valueOf(it)));
        headers.put(reply.scripted() ? SCRIPTED : PLAIN);
        headers.put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
        headers.put(HttpHeader.CONTENT_LANGUAGE, language.getLanguage());
        headers.put(HttpHeader.VARY, "Accept-Encoding, Accept-Language, Cookie");
        body(request, response, page, callback);
    }

    private static byte[] made(JteModel page) {
        Utf8ByteOutput written = new Utf8ByteOutput();
        page.render(written);
        return written.toByteArray();
    }

    /** Sends octets, compressed if the client takes that. */
    static void body(Request request, Response response, byte[] octets, Callback callback) {
        byte[] sent = octets;
        if (takesGzip(request)) {
            sent = gzip(octets);
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, sent.length);
        response.write(true, ByteBuffer.wrap(sent), callback);
    }

    static boolean takesGzip(Request request) {
        return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).stream() // RFC 9110 section 12.5.3
                .anyMatch(it -> it.equals("gzip"));
    }

    static byte[] gzip(byte[] octets) {
        ByteArrayOutputStream small = new ByteArrayOutputStream(octets.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
            gzip.write(octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return small.toByteArray();
    }

    /** A file that fails while it is written ends with the connection, so that nobody takes it for whole. */
    private void write(Reply.File file) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, file.type());
        // RFC 6266: names are ours, ASCII without quotation marks.
        file.name().ifPresent(it -> headers.put("Content-Disposition", "attachment; filename=\"" + it + "\""));
        try (OutputStream to = Content.Sink.asOutputStream(response)) {
            file.octets().write(to);
        } catch (IOException | RuntimeException e) {
            LOG.warn("event=file-not-sent reason=\"{}\"", e.toString());
            callback.failed(e);
            return;
        }
        callback.succeeded();
    }
}
