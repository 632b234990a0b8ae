package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.Doc;

/** What is kept of the path of accepted mail. */
public record TraceSettings(
        @Doc(
                value = "For how long « messagerie trace » can tell what became of a message: its envelope, never its"
                        + " content.",
                byDefault = "\"30d\"")
        Duration retention,

        @Doc(
                value =
                        "How many refusals at the door are kept at most, the latest: a machine that guesses addresses fills"
                                + " no disk.",
                byDefault = "1000000")
        int refusalsMax) {
    public TraceSettings {
        if (refusalsMax < 0 || refusalsMax > 100_000_000) {
            throw new IllegalArgumentException("refusals-max must be between 0 and 100000000");
        }
        if (retention.toHours() < 1) {
            throw new IllegalArgumentException("retention must be 1h or more");
        }
    }

    /** Every default. */
    public static TraceSettings byDefault() {
        return new TraceSettings(Duration.ofDays(30), 1_000_000);
    }
}
