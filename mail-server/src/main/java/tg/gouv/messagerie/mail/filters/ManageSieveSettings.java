package tg.gouv.messagerie.mail.filters;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** How people change their filters. */
public record ManageSieveSettings(
        @Doc(value = "Address and port to listen on (RFC 5804, with STARTTLS).", byDefault = "\"127.0.0.1:4190\"")
        Endpoint listen,

        @Doc(value = "How many connections at once.", byDefault = "200")
        int connectionsMax,

        @Doc(value = "How long a silent client stays connected.", byDefault = "\"30m\"")
        Duration idleTimeout,

        @Doc(value = "The largest filter script.", byDefault = "\"256KB\"")
        ByteSize scriptSizeMax) {
    /** Scripts are read into memory. */
    private static final int SCRIPT_MOST = 4 * 1024 * 1024;

    public ManageSieveSettings {
        if (connectionsMax < 1) {
            throw new IllegalArgumentException("connections-max must be 1 or more");
        }
        if (idleTimeout.toMinutes() < 30) {
            throw new IllegalArgumentException("idle-timeout must be 30m or more (RFC 5804 section 1.2)");
        }
        if (scriptSizeMax.bytes() < 1024 || scriptSizeMax.bytes() > SCRIPT_MOST) {
            throw new IllegalArgumentException("script-size-max must be between 1KB and 4MB");
        }
    }

    /** Port 4190 on the loopback interface, with every default. */
    public static ManageSieveSettings byDefault() {
        return new ManageSieveSettings(
                new Endpoint("127.0.0.1", 4190), 200, Duration.ofMinutes(30), ByteSize.parse("256KB"));
    }

    int scriptMax() {
        return Math.toIntExact(scriptSizeMax.bytes());
    }
}
