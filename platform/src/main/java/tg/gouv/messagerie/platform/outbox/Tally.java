package tg.gouv.messagerie.platform.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts what a node does for a topic; may be called from any thread. */
final class Tally {
    private static final int MINUTES = 60;

    private final long[] byMinute = new long[MINUTES];
    private long minute;
    private long handled;
    private long failed;
    private long spentNanos;
    private Figures.@Nullable Failure last;

    synchronized void handled(long nanos, Instant now) {
        handled++;
        spentNanos += nanos;
        turn(now);
        byMinute[place(minute)]++;
    }

    synchronized void failed(long nanos, Instant now, String error) {
        failed++;
        spentNanos += nanos;
        last = new Figures.Failure(now, error);
    }

    synchronized Figures figures(Instant now) {
        turn(now);
        long lastHour = 0;
        for (long each : byMinute) {
            lastHour += each;
        }
        return new Figures(handled, failed, lastHour, Duration.ofNanos(spentNanos), Optional.ofNullable(last));
    }

    /** Forgets the minutes that are more than an hour old. */
    private void turn(Instant now) {
        long present = now.getEpochSecond() / 60;
        for (long each = Math.max(minute + 1, present - MINUTES + 1); each <= present; each++) {
            byMinute[place(each)] = 0;
        }
        minute = Math.max(minute, present);
    }

    private static int place(long minute) {
        return Math.floorMod(minute, MINUTES);
    }
}
