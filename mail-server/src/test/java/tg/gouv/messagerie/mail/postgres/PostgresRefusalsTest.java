package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.mail.trace.RefusedMail;

/** Refusals are written after them, in bounds. */
class PostgresRefusalsTest {
    private static final int BEYOND = 4_000;

    @BeforeEach
    void empty() {
        QueueUnderTest.update("truncate trace_refused");
    }

    private static RefusedMail refused(int i) {
        return new RefusedMail(
                Instant.now().minusSeconds(BEYOND - i),
                "smtp",
                "s" + i,
                "192.0.2.1",
                Optional.empty(),
                "",
                Optional.of("n\u0000\\" + i + "x".repeat(400) + "@gouv.tg"),
                "550 5.1.1 No such mailbox");
    }

    @Test
    void whatIsNotedIsWrittenAtTheLatestWhenItCloses() {
        try (PostgresRefusals refusals = new PostgresRefusals(QueueUnderTest.CONNECTIONS)) {
            for (int i = 0; i < 300; i++) {
                refusals.note(refused(i));
            }
        }
        assertThat(QueueUnderTest.count("trace_refused where sender = '' and account is null and door = 'smtp'"))
                .isEqualTo(300);
    }

    @Test
    void whoNotesNeverWaitsAndWhatIsBeyondTheBoundIsNotKept() {
        try (PostgresRefusals refusals = new PostgresRefusals(QueueUnderTest.CONNECTIONS)) {
            long begun = System.nanoTime();
            for (int i = 0; i < BEYOND; i++) {
                refusals.note(refused(i));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        }
        assertThat(QueueUnderTest.count("trace_refused")).isBetween(2_000L, BEYOND - 1L);
    }

    @Test
    void theLatestAreKeptUpToTheBound() {
        try (PostgresRefusals refusals = new PostgresRefusals(QueueUnderTest.CONNECTIONS)) {
            for (int i = 0; i < 10; i++) {
                refusals.note(refused(i));
            }
        }
        PostgresTraces traces = new PostgresTraces(
                QueueUnderTest.CONNECTIONS, new TraceSettings(Duration.ofDays(30), 3), QueueUnderTest.CLOCK);
        assertThat(traces.sweep()).isEqualTo(7);
        assertThat(QueueUnderTest.count("trace_refused where session in ('s7', 's8', 's9')"))
                .isEqualTo(3);
        assertThat(traces.sweep()).isZero();
    }
}
