package tg.gouv.messagerie.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final Instant BEGIN = Instant.parse("2026-02-01T08:00:30Z");

    private final Tally tally = new Tally();

    @Test
    void forgetsTheMinutesThatAreMoreThanAnHourOldAndKeepsTheTotal() {
        tally.handled(0, BEGIN);
        tally.handled(0, BEGIN.plusSeconds(50));
        tally.handled(0, BEGIN.plus(Duration.ofMinutes(59)));

        assertThat(tally.figures(BEGIN.plus(Duration.ofMinutes(59))).lastHour()).isEqualTo(3);
        assertThat(tally.figures(BEGIN.plus(Duration.ofMinutes(60))).lastHour()).isEqualTo(2);
        assertThat(tally.figures(BEGIN.plus(Duration.ofMinutes(61))).lastHour()).isOne();
        assertThat(tally.figures(BEGIN.plus(Duration.ofDays(3)))).satisfies(later -> {
            assertThat(later.lastHour()).isZero();
            assertThat(later.handled()).isEqualTo(3);
        });
    }

    @Test
    void theMeanIsThatOfAllAttempts() {
        assertThat(tally.figures(BEGIN).mean()).isZero();
        tally.handled(Duration.ofMillis(10).toNanos(), BEGIN);
        tally.failed(Duration.ofMillis(30).toNanos(), BEGIN, "no");

        assertThat(tally.figures(BEGIN).mean()).isEqualTo(Duration.ofMillis(20));
    }
}
