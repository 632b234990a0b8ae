package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When bodies are swept. */
class ReleasedBodiesSweepsTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofDays(1);

    @Test
    void aFailedSweepIsFollowedByOthersUntilClosed() throws Exception {
        CountDownLatch three = new CountDownLatch(3);
        Sweeps sweeps = Sweeps.started(
                Map.of("bodies", () -> {
                    three.countDown();
                    throw new IllegalStateException("the store does not answer");
                }),
                SOON,
                SOON);
        try (sweeps) {
            assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(sweeps.isRunning()).isFalse();
    }

    @Test
    void closingDoesNotWaitForTheNextTime() {
        AtomicInteger swept = new AtomicInteger();
        Sweeps sweeps = Sweeps.started(Map.of("bodies", swept::incrementAndGet), NEVER, NEVER);
        sweeps.close();
        assertThat(sweeps.isRunning()).isFalse();
        assertThat(swept).hasValue(0);
    }
}
