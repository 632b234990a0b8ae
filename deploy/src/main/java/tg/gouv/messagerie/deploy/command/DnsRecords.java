package tg.gouv.messagerie.deploy.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tg.gouv.messagerie.platform.settings.Endpoint;

/**
 * What a domain's zone says for its mail to come here, and for programs to find this server: lines of a zone file.
 *
 * @param domain whose mail it is
 * @param host the server's name
 * @param endpoints where the program listens, by protocol
 */
record DnsRecords(String domain, String host, Map<String, Endpoint> endpoints) {
    /** The services that programs look up, in the order in which they are shown: which protocol answers. */
    private static final List<Service> SERVICES = List.of(
            new Service("_submissions._tcp", "submissions"), // RFC 8314 section 5.1
            new Service("_imaps._tcp", "imaps"), // RFC 6186 section 3.4
            new Service("_submission._tcp", "submission"), // RFC 6186 section 3.1
            new Service("_imap._tcp", "imap"),
            new Service("_sieve._tcp", "managesieve"), // RFC 5804 section 1.8
            new Service("_jmap._tcp", "https")); // RFC 8620 section 2.2

    private record Service(String label, String protocol) {}

    /** The lines. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(domain, "MX", "10 " + host + ".")); // RFC 5321 section 5.1
        lines.add(line(domain, "TXT", "\"v=spf1 mx -all\"")); // RFC 7208 section 5.4
        for (Service service : SERVICES) {
            Endpoint endpoint = endpoints.get(service.protocol());
            if (endpoint != null && endpoint.port() > 0) {
                // RFC 6186 section 3.4: TLS from the first byte is preferred
                int priority =
                        service.protocol().equals("imap") || service.protocol().equals("submission") ? 10 : 0;
                lines.add(line(
                        service.label() + "." + domain, "SRV", priority + " 1 " + endpoint.port() + " " + host + "."));
            }
        }
        return lines;
    }

    private static String line(String name, String type, String data) {
        return "%-34s %-5s %s".formatted(name + ".", type, data);
    }
}
