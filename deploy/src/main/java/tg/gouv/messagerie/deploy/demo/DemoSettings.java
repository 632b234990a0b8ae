package tg.gouv.messagerie.deploy.demo;

import java.nio.file.Path;
import java.util.SequencedMap;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** The settings file of the demonstration: what an administrator could have written. */
public final class DemoSettings {
    private static final String LOOPBACK = "127.0.0.1";

    private DemoSettings() {}

    /**
     * The file's text.
     *
     * @param listen the address on which clients are served; what is for this machine alone stays on the loopback one
     * @param host the name by which clients connect
     */
    public static String text(Path data, DemoPorts ports, String listen, String host) {
        SequencedMap<String, Integer> port = ports.byProtocol();
        int https = port.getOrDefault("https", 0);
        String extraName = host.equals("localhost") ? "" : quoted(host);
        return """
                # The demonstration's settings, written at each start. « messagerie settings reference » explains them all.
                data = %s

                [mail]
                host-name = %s
                # Nothing leaves this machine: what goes outside arrives here.
                outside = "seal"
                sealed-mailbox = "%s"

                [mail.transfer]
                listen = %s

                [mail.submission]
                listen = %s
                listen-tls = %s

                [mail.lmtp]
                listen = %s

                [mail.imap]
                listen = %s
                listen-tls = %s

                [mail.managesieve]
                listen = %s

                [directory.letters]
                state = "République togolaise (démonstration)"

                [directory.sign-in]
                # Here an administrator may begin with a password alone.
                second-factor-of-administrators = false

                [ldap]
                base = "%s"
                listen = %s
                listen-tls = %s

                [tls]
                names = [%s]

                [routes]
                administrators = ["%s"]
                welcome-note = \"""
                La Direction du Budget a une adresse de fonction, directeur.budget@gouv.tg : elle
                suit le poste, pas la personne. Tout ici est inventé : le ministère, ses agents et
                leurs noms. Everything here is invented.\"""

                [http]
                listen = %s

                [jmap]
                public-url = %s

                [administration]
                listen = %s
                """.formatted(
                        quoted(data.toString()),
                        quoted(host),
                        DemoSheet.OUTSIDE_MAILBOX,
                        endpoint(listen, port.getOrDefault("smtp", 0)),
                        endpoint(listen, port.getOrDefault("submission", 0)),
                        endpoint(listen, port.getOrDefault("submissions", 0)),
                        endpoint(LOOPBACK, port.getOrDefault("lmtp", 0)),
                        endpoint(listen, port.getOrDefault("imap", 0)),
                        endpoint(listen, port.getOrDefault("imaps", 0)),
                        endpoint(listen, port.getOrDefault("managesieve", 0)),
                        DemoSheet.LDAP_BASE,
                        endpoint(listen, port.getOrDefault("ldap", 0)),
                        endpoint(listen, port.getOrDefault("ldaps", 0)),
                        extraName,
                        DemoSheet.ADMINISTRATOR,
                        endpoint(listen, https),
                        quoted("https://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + https),
                        endpoint(LOOPBACK, port.getOrDefault("administration", 0)));
    }

    private static String endpoint(String host, int port) {
        return quoted(new Endpoint(host, port).toString());
    }

    /** A TOML string: a path may hold quotes and backslashes. */
    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
