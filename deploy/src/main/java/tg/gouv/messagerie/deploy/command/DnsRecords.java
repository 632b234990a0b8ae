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
    /** Where mail programs look for what they set up by themselves; they know no other port. */
    private static final int WEB = 443;

    /** The services that programs look up, in the order in which they are shown: which protocol answers. */
    private static final List<Service> SERVICES = List.of(
            new Service("_submissions._tcp", "submissions", 0, true), // RFC 8314 section 5.1
            new Service("_imaps._tcp", "imaps", 0, true), // RFC 6186 section 3.4: TLS from the first byte is preferred
            new Service("_submission._tcp", "submission", 10, true), // RFC 6186 section 3.1
            new Service("_imap._tcp", "imap", 10, true),
            new Service("_pop3s._tcp", "pop3s", 0, true),
            new Service("_pop3._tcp", "pop3", 10, true),
            new Service("_sieve._tcp", "managesieve", 0, false), // RFC 5804 section 1.8
            new Service("_jmap._tcp", "https", 0, false), // RFC 8620 section 2.2
            new Service("_ldaps._tcp", "ldaps", 0, false),
            new Service("_caldavs._tcp", "caldavs", 0, false), // RFC 6764 section 3
            new Service("_carddavs._tcp", "carddavs", 0, false));

    /**
     * A service.
     *
     * @param isDenied whether the zone says so when it is not served
     */
    private record Service(String label, String protocol, int priority, boolean isDenied) {}

    /** The lines; what an administrator decides is a comment, in the reader's language. */
    List<String> lines(Texts texts) {
        List<String> lines = new ArrayList<>();
        lines.add(line(domain, "MX", "10 " + host + ".")); // RFC 5321 section 5.1
        for (Service service : SERVICES) {
            int port = port(service.protocol());
            String name = service.label() + "." + domain;
            if (port > 0) {
                lines.add(line(name, "SRV", service.priority() + " 1 " + port + " " + host + "."));
            } else if (service.isDenied()) {
                lines.add(line(name, "SRV", "0 0 0 .")); // RFC 6186 section 3.4: the service is not there
            }
        }
        web(lines, texts);
        lines.add("; " + texts.text("dns.senders", domain));
        lines.add(line(domain, "TXT", "\"v=spf1 mx -all\"")); // RFC 7208 section 5.4
        lines.add("; " + line("_dmarc." + domain, "TXT", "\"v=DMARC1; p=none; rua=mailto:postmaster@" + domain + "\""));
        return lines;
    }

    /** Where Thunderbird and Outlook ask how they are set up. */
    private void web(List<String> lines, Texts texts) {
        int port = port("https");
        if (port == 0) {
            return;
        }
        lines.add(line("_autodiscover._tcp." + domain, "SRV", "0 0 " + port + " " + host + "."));
        if (port != WEB) {
            lines.add("; " + texts.text("dns.web-port", Integer.toString(port)));
        }
        for (String label : List.of("autoconfig", "autodiscover")) {
            lines.add((port == WEB ? "" : "; ") + line(label + "." + domain, "CNAME", host + "."));
        }
    }

    /** The port of a protocol; 0 if it is not served. */
    private int port(String protocol) {
        Endpoint endpoint = endpoints.get(protocol);
        return endpoint == null ? 0 : endpoint.port();
    }

    private static String line(String name, String type, String data) {
        return "%-34s %-5s %s".formatted(name + ".", type, data);
    }
}
