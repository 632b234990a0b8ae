package tg.gouv.messagerie.platform.database;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of the URL an administrator gives: one or several hosts, a database, and only parameters that weaken nothing. */
final class ExternalUrl {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[0-9A-Za-z._-]+)(?::\\d{1,5})?");
    private static final Pattern WRITTEN = Pattern.compile("jdbc:postgresql://([^/?]+)/([^/?&=]+)(?:\\?(.*))?");

    /** Several hosts and a client certificate; whatever else matters is a setting or decided by the program. */
    private static final Set<String> PARAMETERS =
            Set.of("targetServerType", "loadBalanceHosts", "hostRecheckSeconds", "sslcert", "sslkey");

    private ExternalUrl() {}

    /**
     * Refuses a URL that the program could not use safely.
     *
     * @throws IllegalArgumentException that names the setting and says what is wrong
     */
    static void check(Optional<String> url) {
        url.ifPresent(written -> {
            Matcher parts = parts(written);
            for (String parameter :
                    Optional.ofNullable(parts.group(3)).orElse("").split("&", -1)) {
                String name = parameter.replaceFirst("=.*", "");
                if (!name.isEmpty() && !PARAMETERS.contains(name)) {
                    throw new IllegalArgumentException("url must not set " + name + ": user, password, certificates and"
                            + " timeouts are settings of their own");
                }
            }
        });
    }

    /** Whether every host of the URL is this machine, by its loopback address. */
    static boolean isLoopback(String url) {
        return hosts(url).stream().allMatch(host -> {
            String name = host.replaceFirst(":\\d+$", "");
            return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.\\d{1,3}){3}");
        });
    }

    /** The hosts and ports, for an operator's eyes: {@code db1.example:5432,db2.example:5432}. */
    static String where(String url) {
        return parts(url).group(1);
    }

    /** The name of the database. */
    static String database(String url) {
        return parts(url).group(2);
    }

    private static List<String> hosts(String url) {
        return Arrays.asList(where(url).split(",", -1));
    }

    private static Matcher parts(String url) {
        Matcher written = WRITTEN.matcher(url);
        if (!written.matches()
                || !Arrays.stream(written.group(1).split(",", -1))
                        .allMatch(host -> HOST.matcher(host).matches())) {
            throw new IllegalArgumentException(
                    "url must be like jdbc:postgresql://db.example:5432/messagerie, found \"" + url + "\"");
        }
        return written;
    }
}
