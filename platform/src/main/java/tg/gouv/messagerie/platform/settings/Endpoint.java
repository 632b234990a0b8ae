package tg.gouv.messagerie.platform.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address and a port to listen on, written {@code 127.0.0.1:993} or {@code [::1]:993}.
 *
 * @param host an IP address or {@code localhost}; never a wildcard by default
 * @param port 0 (the system chooses) to 65535
 */
public record Endpoint(String host, int port) {
    private static final Pattern WRITTEN = Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([0-9A-Za-z.-]+)):(\\d{1,5})");

    public Endpoint {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is between 0 and 65535, found " + port);
        }
    }

    /**
     * Reads an address and a port as an operator writes them.
     *
     * @throws IllegalArgumentException if the text is not an address, a colon and a port
     */
    public static Endpoint parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException(
                    "expected an address and a port such as 127.0.0.1:993, found \"" + text + "\"");
        }
        String host = written.group(1) == null ? written.group(2) : written.group(1);
        return new Endpoint(host, Integer.parseInt(written.group(3)));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
