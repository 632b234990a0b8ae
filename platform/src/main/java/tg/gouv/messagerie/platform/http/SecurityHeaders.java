package tg.gouv.messagerie.platform.http;

import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/** The headers every answer carries; a door that needs another policy puts its own. */
final class SecurityHeaders implements HttpConfiguration.Customizer {
    static final SecurityHeaders INSTANCE = new SecurityHeaders();

    /** An answer of an API, or a page of ours without style or script: nothing may be loaded, nobody may frame it. */
    private static final HttpField CONTENT = new PreEncodedHttpField(
            "Content-Security-Policy",
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");

    private static final HttpField[] ALWAYS = {
        CONTENT,
        new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
        new PreEncodedHttpField("X-Frame-Options", "DENY"), // for browsers older than frame-ancestors
        // Not no-referrer: a browser would say « Origin: null » with the forms of our own pages (Fetch, « append a
        // request Origin header »).
        new PreEncodedHttpField("Referrer-Policy", "same-origin"),
        new PreEncodedHttpField("Cross-Origin-Opener-Policy", "same-origin"),
        new PreEncodedHttpField("Cross-Origin-Resource-Policy", "same-origin"),
        new PreEncodedHttpField(
                "Permissions-Policy",
                "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
    };

    /** RFC 6797 section 6.1.1: a year. */
    private static final HttpField HTTPS_ALWAYS =
            new PreEncodedHttpField(HttpHeader.STRICT_TRANSPORT_SECURITY, "max-age=31536000");

    /** A browser would refuse plain HTTP on every port of localhost; for an address it ignores the header (RFC 6797 section 8.1.1). */
    private static final Pattern NOT_FOR = Pattern.compile("(?i)(.*\\.)?localhost|[0-9.]+|\\[.*|.*:.*");

    private SecurityHeaders() {}

    @Override
    public Request customize(Request request, HttpFields.Mutable headers) {
        put(request, headers);
        return request;
    }

    /** Puts them all, in place of what is there. */
    static void put(Request request, HttpFields.Mutable headers) {
        for (HttpField each : ALWAYS) {
            headers.put(each);
        }
        String host = Request.getServerName(request);
        if (request.isSecure() && host != null && !NOT_FOR.matcher(host).matches()) {
            headers.put(HTTPS_ALWAYS);
        }
    }
}
