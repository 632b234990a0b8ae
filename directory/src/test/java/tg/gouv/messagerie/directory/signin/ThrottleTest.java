package tg.gouv.messagerie.directory.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final SignInSettings settings = SignInSettings.byDefault();
    private final Throttle throttle = new Throttle(settings);

    @Test
    void aMillionWrongSecretsWaitNoLongerThanTheBoundAndFillNoRow() {
        Attempts attempts = Attempts.NONE;
        for (int i = 1; i <= 1_000_000; i++) {
            attempts = throttle.failed(attempts, i, NOON);
        }
        assertThat(attempts.failures()).isEqualTo(1_000_000);
        assertThat(attempts.closedUntil()).contains(NOON.plus(settings.waitMax()));
        assertThat(attempts.marks()).hasSize(Throttle.MARKS_MAX).endsWith(999_999L, 1_000_000L);
    }

    @Test
    void aSecretSeenBeforeChangesNothing() {
        Attempts attempts = throttle.failed(throttle.failed(Attempts.NONE, 1, NOON), 2, NOON);
        assertThat(throttle.failed(attempts, 1, NOON.plusSeconds(60))).isSameAs(attempts);
    }

    @Test
    void afterALongSilenceASecretSeenBeforeIsNew() {
        Attempts attempts = throttle.failed(throttle.failed(Attempts.NONE, 1, NOON), 2, NOON);
        Attempts later = throttle.failed(attempts, 1, NOON.plus(settings.forgetAfter()));
        assertThat(later.failures()).isEqualTo(1);
        assertThat(later.marks()).containsExactly(1L);
    }

    @Test
    void aSuccessIsWrittenOnceADay() {
        Attempts good = throttle.succeeded(Attempts.NONE, NOON);
        assertThat(good.goodAt()).contains(NOON);
        assertThat(throttle.succeeded(good, NOON.plusSeconds(86_399))).isSameAs(good);
        assertThat(throttle.succeeded(good, NOON.plusSeconds(86_400)).goodAt()).contains(NOON.plusSeconds(86_400));
    }
}
