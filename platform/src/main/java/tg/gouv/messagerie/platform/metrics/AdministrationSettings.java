package tg.gouv.messagerie.platform.metrics;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** Where an operator's tools read metrics and health. */
public record AdministrationSettings(
        @Doc(
                value =
                        "The loopback address and port of /metrics and /health, plain HTTP; another address is refused.",
                byDefault = "\"127.0.0.1:9080\"")
        Endpoint listen,

        @Doc(value = "How long a health check may take before it counts as failed.", byDefault = "\"2s\"")
        Duration healthTimeout) {

    public AdministrationSettings {
        if (healthTimeout.toMillis() < 100 || healthTimeout.toSeconds() > 60) {
            throw new IllegalArgumentException("health-timeout must be between 100ms and 60s");
        }
    }

    /** Every default. */
    public static AdministrationSettings byDefault() {
        return new AdministrationSettings(Endpoint.parse("127.0.0.1:9080"), Duration.ofSeconds(2));
    }
}
