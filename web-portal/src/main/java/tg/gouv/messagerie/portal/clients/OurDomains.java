package tg.gouv.messagerie.portal.clients;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The domains whose mail is ours, asked at most once in a while: whoever sets up a program has not signed in. */
final class OurDomains {
    private static final long KNOWN_NANOS = Duration.ofSeconds(10).toNanos();

    private final Supplier<Set<String>> domains;
    private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

    OurDomains(Supplier<Set<String>> domains) {
        this.domains = domains;
    }

    /**
     * Whether a domain is ours.
     *
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if it could not be asked
     */
    boolean have(String domain) {
        Known before = known.get();
        if (before == null || System.nanoTime() - before.since() > KNOWN_NANOS) {
            before = new Known(domains.get(), System.nanoTime());
            known.set(before);
        }
        return before.names().contains(domain.toLowerCase(Locale.ROOT));
    }

    private record Known(Set<String> names, long since) {}
}
