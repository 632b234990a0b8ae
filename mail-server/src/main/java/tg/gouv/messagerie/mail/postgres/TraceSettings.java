package tg.gouv.messagerie.mail.postgres;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.Doc;

/** What is kept of the path of accepted mail. */
public record TraceSettings(
        @Doc(
                value = "For how long « messagerie trace » can tell what became of a message: its envelope, never its"
                        + " content.",
                byDefault = "\"30d\"")
        Duration retention) {
    public TraceSettings {
        if (retention.toHours() < 1) {
            throw new IllegalArgumentException("retention must be 1h or more");
        }
    }

    /** Every default. */
    public static TraceSettings byDefault() {
        return new TraceSettings(Duration.ofDays(30));
    }
}
