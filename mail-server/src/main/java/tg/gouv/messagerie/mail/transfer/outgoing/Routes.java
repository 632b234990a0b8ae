package tg.gouv.messagerie.mail.transfer.outgoing;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Which servers take the mail of a domain (RFC 5321 section 5.1, RFC 7505). */
final class Routes {
    /** More are not looked at. */
    private static final int HOSTS_MAX = 20;

    private final Names names;
    private final String hostName;
    private final RandomGenerator random;

    /**
     * Routes as this DNS says.
     *
     * @param hostName our own name, by which a loop is known
     */
    Routes(Names names, String hostName, RandomGenerator random) {
        this.names = names;
        this.hostName = hostName.toLowerCase(Locale.ROOT);
        this.random = random;
    }

    /** The route to a domain. */
    Route to(Destination destination) {
        String domain = destination.domain();
        if (domain.startsWith("[")) {
            return literal(domain);
        }
        return switch (names.mx(domain)) {
            case Names.Answer.Unknown<Names.Mx>(String why) ->
                new Route.Nowhere(
                        Diagnosis.ours("4.4.3", "the DNS does not say who takes mail for " + domain + ": " + why));
            case Names.Answer.None<Names.Mx>(boolean named) ->
                named
                        // RFC 5321 section 5.1: without MX, the domain itself is the host
                        ? new Route.Hosts(List.of(new Route.Host(domain, 0, Optional.empty())))
                        : new Route.Nowhere(Diagnosis.ours("5.1.2", "there is no domain " + domain));
            case Names.Answer.Found<Names.Mx>(List<Names.Mx> records) -> among(records, domain);
        };
    }

    private Route among(List<Names.Mx> records, String domain) {
        List<Names.Mx> hosts =
                records.stream().filter(mx -> !mx.host().isEmpty()).toList();
        if (hosts.isEmpty()) {
            // RFC 7505 section 4.2
            return new Route.Nowhere(Diagnosis.ours("5.1.10", domain + " takes no mail (null MX)"));
        }
        OptionalInt ours = hosts.stream()
                .filter(mx -> isOurName(mx.host()))
                .mapToInt(Names.Mx::preference)
                .min();
        List<Route.Host> ordered = new ArrayList<>();
        for (Names.Mx mx : hosts) {
            // RFC 5321 section 5.1: only to servers that come before ourselves
            if (ours.isEmpty() || mx.preference() < ours.getAsInt()) {
                ordered.add(new Route.Host(mx.host().toLowerCase(Locale.ROOT), mx.preference(), Optional.empty()));
            }
        }
        if (ordered.isEmpty()) {
            return new Route.Nowhere(loop(domain));
        }
        // RFC 5321 section 5.1: at random among equals
        for (int i = ordered.size() - 1; i > 0; i--) {
            Collections.swap(ordered, i, random.nextInt(i + 1));
        }
        ordered.sort(Comparator.comparingInt(Route.Host::preference));
        return new Route.Hosts(ordered.subList(0, Math.min(ordered.size(), HOSTS_MAX)));
    }

    /** That the way leads back to us. */
    static Diagnosis loop(String domain) {
        return Diagnosis.ours("5.4.6", "the way to " + domain + " leads back to this server, which does not serve it");
    }

    private boolean isOurName(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.equals(hostName) || lower.equals(hostName + ".");
    }

    /** RFC 5321 section 4.1.3. */
    private static Route literal(String domain) {
        String inside = domain.endsWith("]") ? domain.substring(1, domain.length() - 1) : "";
        String text = inside.regionMatches(true, 0, "IPv6:", 0, 5) ? inside.substring(5) : inside;
        try {
            return new Route.Hosts(List.of(new Route.Host(domain, 0, Optional.of(InetAddress.ofLiteral(text)))));
        } catch (IllegalArgumentException _) {
            return new Route.Nowhere(Diagnosis.ours("5.1.2", "not an address: " + domain));
        }
    }
}
