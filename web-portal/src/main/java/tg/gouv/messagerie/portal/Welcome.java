package tg.gouv.messagerie.portal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The start page: what this server offers and what to type into a mail program, in French and English. */
public final class Welcome extends Handler.Abstract {
    private final byte[] page;
    private final String policy;

    /**
     * The page of a server.
     *
     * @param publicUrl the address JMAP clients are given
     */
    public Welcome(MailOffer mail, PublicUrl publicUrl) {
        String style = resource("welcome.css");
        this.page = resource("welcome.html")
                .replace("${style}", style)
                .replace("${host}", mail.host())
                .replace("${imaps}", Integer.toString(mail.imapsPort()))
                .replace("${submissions}", Integer.toString(mail.submissionsPort()))
                .replace("${url}", publicUrl.toString())
                .getBytes(StandardCharsets.UTF_8);
        // The one style is known by its hash; nothing else is loaded or run.
        this.policy = "default-src 'none'; style-src 'sha256-" + sha256(style)
                + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).equals("/")) {
            return false;
        }
        if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
            return true;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, page.length);
        response.getHeaders().put("Content-Security-Policy", policy);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        response.write(true, ByteBuffer.wrap(page), callback);
        return true;
    }

    private static String resource(String name) {
        try (InputStream content = Objects.requireNonNull(Welcome.class.getResourceAsStream(name), name)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the program's own " + name + " cannot be read", e);
        }
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
