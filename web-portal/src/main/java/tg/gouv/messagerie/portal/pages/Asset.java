package tg.gouv.messagerie.portal.pages;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A file of ours that pages load: its address names what is in it, so a browser asks for it once. */
public final class Asset extends Handler.Abstract {
    private static final int NAME_BYTES = 8;

    private final String path;
    private final String type;
    private final byte[] octets;

    private Asset(String path, String type, byte[] octets) {
        this.path = path;
        this.type = type;
        this.octets = octets;
    }

    /**
     * A file beside this class.
     *
     * @param place the first segment of its address, which must be its own
     */
    public static Asset of(String place, String name, String type) {
        try (InputStream content = Objects.requireNonNull(Asset.class.getResourceAsStream(name), name)) {
            byte[] octets = content.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
            String hash = HexFormat.of().formatHex(Arrays.copyOf(digest, NAME_BYTES));
            return new Asset(place + "/" + hash + name.substring(name.lastIndexOf('.')), type, octets);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the program's own " + name + " cannot be read", e);
        }
    }

    /** Its address. */
    public String path() {
        return path;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).equals(path)
                || !(HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod()))) {
            return false;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "public, max-age=31536000, immutable"); // RFC 8246
        response.getHeaders().put(HttpHeader.VARY, "Accept-Encoding");
        Writing.body(request, response, octets, callback);
        return true;
    }
}
