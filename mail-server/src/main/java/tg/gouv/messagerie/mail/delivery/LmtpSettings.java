package tg.gouv.messagerie.mail.delivery;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** How a relay on this machine hands in mail. */
public record LmtpSettings(
        @Doc(
                value =
                        "Address and port to listen on (LMTP, RFC 2033); whoever reaches it is trusted, so it belongs on the"
                                + " loopback interface.",
                byDefault = "\"127.0.0.1:24\"")
        Endpoint listen,

        @Doc(value = "How many connections at once.", byDefault = "100")
        int connectionsMax,

        @Doc(value = "How long a silent connection stays open.", byDefault = "\"5m\"")
        Duration idleTimeout) {

    public LmtpSettings {
        if (connectionsMax < 1) {
            throw new IllegalArgumentException("connections-max must be 1 or more");
        }
        if (idleTimeout.toMinutes() < 5) {
            throw new IllegalArgumentException("idle-timeout must be 5m or more (RFC 5321 section 4.5.3.2.7)");
        }
    }

    /** Port 24 on the loopback interface, with every default. */
    public static LmtpSettings byDefault() {
        return new LmtpSettings(new Endpoint("127.0.0.1", 24), 100, Duration.ofMinutes(5));
    }
}
