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

        @Doc(value = "The largest script.", byDefault = "\"256KB\"")
        ByteSize scriptSizeMax,

        @Doc(value = "How many scripts one account may have; one of them is active.", byDefault = "32")
        int scriptsMax,

        @Doc(value = "How many times one script may redirect one message.", byDefault = "4")
        int redirectsMax,

        @Doc(
                value =
                        "Whether people may have their mail sent on to addresses outside the domains of the directory. Where they may"
                                + " not, a filter that does so fails, and the message is kept.",
                byDefault = "false")
        boolean redirectsOutside) {

    public ManageSieveSettings {
        if (connectionsMax < 1) {
            throw new IllegalArgumentException("connections-max must be 1 or more");
        }
        if (idleTimeout.toMinutes() < 30) {
            throw new IllegalArgumentException("idle-timeout must be 30m or more (RFC 5804 section 1.2)");
        }
        if (scriptSizeMax.bytes() < 4 * 1024 || scriptSizeMax.bytes() > 4 << 20) {
            throw new IllegalArgumentException("script-size-max must be between 4KB and 4MB");
        }
        if (scriptsMax < 1 || scriptsMax > 1_000) {
            throw new IllegalArgumentException("scripts-max must be between 1 and 1000");
        }
        if (redirectsMax < 1 || redirectsMax > 100) {
            throw new IllegalArgumentException("redirects-max must be between 1 and 100 (RFC 5228 section 4.2)");
        }
    }

    /** The bounds of scripts. */
    public ScriptBounds scripts() {
        return new ScriptBounds(scriptSizeMax.bytes(), scriptsMax);
    }

    /** Port 4190 on the loopback interface, with every default. */
    public static ManageSieveSettings byDefault() {
        return new ManageSieveSettings(
                new Endpoint("127.0.0.1", 4190), 200, Duration.ofMinutes(30), ByteSize.parse("256KB"), 32, 4, false);
    }
}
