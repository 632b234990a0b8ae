package tg.gouv.messagerie.portal.clients;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;

/** What programs ask for by themselves, before anybody has signed in. */
public final class ClientDoors {
    private ClientDoors() {}

    /**
     * The doors, each at the prefixes that it owns, for {@link tg.gouv.messagerie.platform.http.HttpServer#start}.
     *
     * @param domains whose mail is ours; asked again and again
     */
    public static Map<String, Handler> byPathPrefix(
            ClientSettings settings, Supplier<Set<String>> domains, InstantSource clock) {
        OurDomains ours = new OurDomains(domains);
        Map<String, Handler> doors = new TreeMap<>();
        Autoconfig autoconfig = new Autoconfig(settings, ours);
        Autoconfig.PATHS.forEach(path -> doors.put(path, autoconfig));
        Autodiscover autodiscover = new Autodiscover(settings, ours, clock);
        Autodiscover.PREFIXES.forEach(prefix -> doors.put(prefix, autodiscover));
        doors.put(WellKnownDav.CALDAV, new WellKnownDav(settings.caldav()));
        doors.put(WellKnownDav.CARDDAV, new WellKnownDav(settings.carddav()));
        return doors;
    }
}
