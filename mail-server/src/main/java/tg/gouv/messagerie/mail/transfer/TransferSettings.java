package tg.gouv.messagerie.mail.transfer;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** How mail from other servers is accepted. */
public record TransferSettings(
        @Doc(value = "Address and port to listen on (SMTP, with STARTTLS).", byDefault = "\"127.0.0.1:25\"")
        Endpoint listen,

        @Doc(
                value =
                        "IP addresses of servers that may hand in mail whose sender is in our own domains, such as a mailing"
                                + " list's; everybody else is refused (they would write in our name).",
                byDefault = "[]")
        List<String> peers,

        @Doc(value = "To how many recipients one message may go.", byDefault = "1000")
        int recipientsMax,

        @Doc(value = "How many connections at once.", byDefault = "500")
        int connectionsMax,

        @Doc(value = "How many wrong commands and unknown recipients a connection may bring.", byDefault = "20")
        int errorsMax,

        @Doc(value = "How long a silent connection stays open.", byDefault = "\"5m\"")
        Duration idleTimeout) {

    public TransferSettings {
        peers = List.copyOf(peers);
        for (String peer : peers) {
            InetAddress.ofLiteral(peer);
        }
        if (recipientsMax < 100) {
            throw new IllegalArgumentException("recipients-max must be 100 or more (RFC 5321 section 4.5.3.1.8)");
        }
        if (connectionsMax < 1 || errorsMax < 1) {
            throw new IllegalArgumentException("connections-max and errors-max must be 1 or more");
        }
        if (idleTimeout.toMinutes() < 5) {
            throw new IllegalArgumentException("idle-timeout must be 5m or more (RFC 5321 section 4.5.3.2.7)");
        }
    }

    /** Port 25 on the loopback interface, with every default. */
    public static TransferSettings byDefault() {
        return new TransferSettings(new Endpoint("127.0.0.1", 25), List.of(), 1000, 500, 20, Duration.ofMinutes(5));
    }
}
