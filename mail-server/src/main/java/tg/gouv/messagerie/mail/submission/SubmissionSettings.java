package tg.gouv.messagerie.mail.submission;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** How people send messages. */
public record SubmissionSettings(
        @Doc(value = "Address and port to listen on with STARTTLS (RFC 6409).", byDefault = "\"127.0.0.1:587\"")
        Endpoint listen,

        @Doc(
                value = "Address and port to listen on with TLS from the start (RFC 8314).",
                byDefault = "\"127.0.0.1:465\"")
        Endpoint listenTls,

        @Doc(value = "To how many recipients one message may go.", byDefault = "100")
        int recipientsMax,

        @Doc(value = "How many connections at once, on each port.", byDefault = "1000")
        int connectionsMax,

        @Doc(value = "How many wrong commands, recipients and secrets a connection may bring.", byDefault = "10")
        int errorsMax,

        @Doc(value = "How long a silent connection stays open.", byDefault = "\"5m\"")
        Duration idleTimeout) {

    public SubmissionSettings {
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

    /** Ports 587 and 465 on the loopback interface, with every default. */
    public static SubmissionSettings byDefault() {
        return new SubmissionSettings(
                new Endpoint("127.0.0.1", 587), new Endpoint("127.0.0.1", 465), 100, 1000, 10, Duration.ofMinutes(5));
    }
}
