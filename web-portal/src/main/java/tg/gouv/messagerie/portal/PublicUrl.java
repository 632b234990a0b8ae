package tg.gouv.messagerie.portal;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where clients reach this server, written {@code https://mail.gouv.tg} or {@code https://localhost:8443}.
 *
 * @param authority a host in lower case, and the port unless it is 443
 */
public record PublicUrl(String authority) {
    private static final Pattern WRITTEN =
            Pattern.compile("https://((?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]{2,45}])(?::\\d{1,5})?)");
    private static final String USUAL_PORT = ":443";
    private static final String OPEN_PORT = ":0";

    public PublicUrl {
        if (!WRITTEN.matcher("https://" + authority).matches() || authority.endsWith(USUAL_PORT)) {
            throw new IllegalArgumentException("not a host, and a port unless it is 443: " + authority);
        }
    }

    /**
     * Reads an address as an operator writes it.
     *
     * @throws IllegalArgumentException if the text is not {@code https://}, a host and perhaps a port
     */
    public static PublicUrl parse(String text) {
        Matcher written = WRITTEN.matcher(text.toLowerCase(Locale.ROOT));
        if (!written.matches()) {
            throw new IllegalArgumentException(
                    "expected an address such as https://mail.gouv.tg, without a path, found \"" + text + "\"");
        }
        String authority = written.group(1);
        return new PublicUrl(
                authority.endsWith(USUAL_PORT)
                        ? authority.substring(0, authority.length() - USUAL_PORT.length())
                        : authority);
    }

    /**
     * This address once the server listens: port 0 stands for the port that it got.
     *
     * @param listening 1 to 65,535
     */
    public PublicUrl at(int listening) {
        return authority.endsWith(OPEN_PORT)
                ? parse("https://" + authority.substring(0, authority.length() - OPEN_PORT.length()) + ":" + listening)
                : this;
    }

    /** The same place for WebSocket (RFC 6455 section 3). */
    String webSocket() {
        return "wss://" + authority;
    }

    /** The address; also what a browser calls the origin of its pages (RFC 6454 section 6.2). */
    @Override
    public String toString() {
        return "https://" + authority;
    }
}
