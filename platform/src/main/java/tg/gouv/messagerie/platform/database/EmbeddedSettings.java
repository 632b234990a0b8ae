package tg.gouv.messagerie.platform.database;

import java.time.Duration;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** The private PostgreSQL that the program starts, watches and stops. */
public record EmbeddedSettings(
        @Doc(value = "The port on 127.0.0.1; 0 lets the program choose a free one.", byDefault = "0")
        int port,

        @Doc(value = "PostgreSQL's own cache.", byDefault = "\"128MB\"")
        ByteSize sharedBuffers,

        @Doc(value = "How many connections at once, over all roles.", byDefault = "100")
        int connectionsMax,

        @Doc(
                "The user PostgreSQL runs as when the program runs as root, which PostgreSQL refuses; without it, the first"
                        + " that exists of messagerie, postgres and nobody.")
        Optional<String> runAs,

        @Doc(value = "How long PostgreSQL may take to start, repairs after a crash included.", byDefault = "\"5m\"")
        Duration startTimeout,

        @Doc(
                value = "How long PostgreSQL may take to stop in good order; then it is stopped at once, which loses"
                        + " nothing and makes the next start longer.",
                byDefault = "\"6s\"")
        Duration stopTimeout) {

    public EmbeddedSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 0 and 65535");
        }
        if (sharedBuffers.bytes() < 1 << 20) {
            throw new IllegalArgumentException("shared-buffers must be 1MB or more");
        }
        if (connectionsMax < 10 || connectionsMax > 5_000) {
            throw new IllegalArgumentException("connections-max must be between 10 and 5000");
        }
        if (startTimeout.toSeconds() < 5) {
            throw new IllegalArgumentException("start-timeout must be 5s or more");
        }
        if (stopTimeout.toSeconds() < 1) {
            throw new IllegalArgumentException("stop-timeout must be 1s or more");
        }
    }

    /** Every default. */
    public static EmbeddedSettings byDefault() {
        return new EmbeddedSettings(
                0, ByteSize.parse("128MB"), 100, Optional.empty(), Duration.ofMinutes(5), Duration.ofSeconds(6));
    }
}
