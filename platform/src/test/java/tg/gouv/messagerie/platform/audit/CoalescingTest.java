package tg.gouv.messagerie.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

class CoalescingTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final List<Row> rows = new ArrayList<>();
    private final Coalescing coalescing = new Coalescing(now::get, Duration.ofMinutes(1), 100, Uuid7.system());

    @Test
    void theFirstIsWrittenSoonAndTheOthersTogetherWhenTheIntervalIsOver() {
        count("41.207.10.0/24");
        flush();
        assertThat(rows).extracting(Row::times).containsExactly(1L);
        for (int i = 0; i < 5; i++) {
            later(1);
            count("41.207.10.0/24");
        }
        flush();
        assertThat(rows).hasSize(1);
        later(60);
        flush();
        assertThat(rows).extracting(Row::times).containsExactly(1L, 5L);
        assertThat(rows.getLast().began()).isEqualTo(NOON.plusSeconds(1));
        assertThat(rows.getLast().ended()).isEqualTo(NOON.plusSeconds(5));
        assertThat(rows.getLast().facts().act()).isEqualTo("sign-in");
    }

    @Test
    void whatDiffersIsToldApart() {
        count("41.207.10.0/24");
        count("41.207.11.0/24");
        coalescing.count(new AuditEvent.Refusal(circumstances("41.207.10.0/24"), SealedTrail.PROGRAM));
        flush();
        assertThat(rows).hasSize(3);
    }

    @Test
    void whatIsTooMuchToTellApartIsCountedAndNoMore() {
        for (int i = 0; i < 1_000; i++) {
            count("10.0." + i + ".0/24");
        }
        flush();
        assertThat(rows).hasSize(101);
        assertThat(rows.stream().filter(it -> it.facts().actor().equals("others")))
                .singleElement()
                .satisfies(others -> assertThat(others.times()).isEqualTo(900));
        later(60);
        flush(); // silent ones are forgotten
        count("192.0.2.0/24");
        flush();
        assertThat(rows.getLast().facts().network()).isEqualTo("192.0.2.0/24");
    }

    @Test
    void theEndTellsEverything() {
        count("41.207.10.0/24");
        flush();
        count("41.207.10.0/24");
        coalescing.flushAll(rows::addAll);
        assertThat(rows).extracting(Row::times).containsExactly(1L, 1L);
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenLater() {
        count("41.207.10.0/24");
        count("41.207.10.0/24");
        assertThatThrownBy(() -> coalescing.flush(_ -> {
                    throw new StoreUnavailable("down", true);
                }))
                .isInstanceOf(StoreUnavailable.class);
        count("41.207.10.0/24");
        flush();
        assertThat(rows)
                .singleElement()
                .satisfies(row -> assertThat(row.times()).isEqualTo(3));
    }

    private void count(String network) {
        coalescing.count(
                new AuditEvent.SignIn(circumstances(network), SealedTrail.PROGRAM, Optional.empty(), Outcome.REFUSED));
    }

    private Circumstances circumstances(String network) {
        return new Circumstances(
                now.get(),
                new Actor.Account(UUID.fromString("01234567-89ab-7def-8123-456789abcdef")),
                Optional.empty(),
                new Origin.Remote(network, "imap"));
    }

    private void flush() {
        coalescing.flush(rows::addAll);
    }

    private void later(int seconds) {
        now.updateAndGet(it -> it.plusSeconds(seconds));
    }
}
