package tg.gouv.messagerie.platform.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What this node has done for a topic since it began to handle it.
 *
 * @param handled messages whose work was done
 * @param failed attempts that failed
 * @param lastHour messages handled in the last hour, by the minute
 * @param spent on all attempts together
 * @param last the attempt that failed last
 */
public record Figures(long handled, long failed, long lastHour, Duration spent, Optional<Failure> last) {
    /**
     * An attempt that failed.
     *
     * @param error what it said; no content
     */
    public record Failure(Instant at, String error) {}

    /** How long an attempt took on the average. */
    public Duration mean() {
        return handled + failed == 0 ? Duration.ZERO : spent.dividedBy(handled + failed);
    }
}
