package tg.gouv.messagerie.portal.clients;

import java.net.URI;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import tg.gouv.messagerie.portal.PublicUrl;

/**
 * Everything that a program on somebody's desk or in their pocket must be told of this server; what is not served is not there.
 *
 * @param state the State's name, as people read it
 * @param host the name or address under which programs reach this server
 * @param ports what is listened on
 * @param publicUrl the address of JMAP and of the pages
 * @param directoryBase below which entry the directory is, if LDAP is served
 * @param provider who signs people in beside their passwords
 * @param caldav where calendars are, once they are served
 * @param carddav where address books are, once they are served
 */
public record ClientSettings(
        String state,
        String host,
        Map<ClientService, Integer> ports,
        PublicUrl publicUrl,
        Optional<String> directoryBase,
        Optional<Provider> provider,
        Optional<URI> caldav,
        Optional<URI> carddav) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:-]{1,253}");
    private static final int PORT_MAX = 65_535;

    public ClientSettings {
        if (state.isBlank()) {
            throw new IllegalArgumentException("the State has no name");
        }
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("not a host name or address: " + host);
        }
        if (ports.values().stream().anyMatch(port -> port < 1 || port > PORT_MAX)) {
            throw new IllegalArgumentException("not ports: " + ports);
        }
        ports = ports.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(ports));
    }

    /**
     * Who gives access tokens (RFC 6749).
     *
     * @param issuer an https URL
     * @param scope what a token must be asked for, if something
     */
    public record Provider(String issuer, Optional<String> scope) {}

    /**
     * What a program that runs offers: no calendars and no address books yet.
     *
     * @param listening its open ports, by their names
     */
    public static ClientSettings of(
            String state,
            PublicUrl publicUrl,
            Map<String, Integer> listening,
            Optional<String> directoryBase,
            Optional<Provider> provider) {
        Map<ClientService, Integer> ports = new EnumMap<>(ClientService.class);
        for (ClientService service : ClientService.values()) {
            int port = listening.getOrDefault(service.portName(), 0);
            if (port > 0) {
                ports.put(service, port);
            }
        }
        return new ClientSettings(
                state,
                host(publicUrl.authority()),
                ports,
                publicUrl,
                directoryBase.filter(_ -> ports.containsKey(ClientService.LDAPS)),
                provider,
                Optional.empty(),
                Optional.empty());
    }

    /** The host of an authority, without its port and the brackets of an IPv6 address. */
    private static String host(String authority) {
        return authority.startsWith("[")
                ? authority.substring(1, authority.indexOf(']'))
                : authority.replaceFirst(":\\d+$", "");
    }

    /** The port of a service, if it is served. */
    public OptionalInt port(ClientService service) {
        Integer port = ports.get(service);
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /** Whether a service is served. */
    public boolean serves(ClientService service) {
        return ports.containsKey(service);
    }

    /** Whether there is something to set up: mail can be read and sent. */
    public boolean serveMail() {
        return (serves(ClientService.IMAPS) || serves(ClientService.IMAP))
                && (serves(ClientService.SUBMISSIONS) || serves(ClientService.SUBMISSION));
    }

    /** Where JMAP clients begin (RFC 8620 section 2.2). */
    public String jmapUrl() {
        return publicUrl + "/.well-known/jmap";
    }

    /** The page that explains it to people. */
    public String helpUrl() {
        return publicUrl + "/aide";
    }
}
