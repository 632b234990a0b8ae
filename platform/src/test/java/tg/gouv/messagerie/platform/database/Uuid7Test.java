package tg.gouv.messagerie.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class Uuid7Test {
    /** As PostgreSQL sorts them: byte by byte, without a sign. */
    private static final Comparator<UUID> IN_ORDER = Comparator.comparing(UUID::toString);

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    @Test
    void hasTheVersionTheVariantAndTheTimeOfRfc9562() {
        UUID key = new Uuid7(InstantSource.fixed(NOON), new Random(7)).next();
        assertThat(key.version()).isEqualTo(7);
        assertThat(key.variant()).isEqualTo(2); // RFC 9562 section 4.1: the bits 10
        assertThat(Instant.ofEpochMilli(key.getMostSignificantBits() >>> 16)).isEqualTo(NOON);
    }

    @Test
    void growsAlthoughTheClockStandsStillForTenThousandKeys() {
        Uuid7 maker = new Uuid7(InstantSource.fixed(NOON), new Random(7));
        assertThat(Stream.generate(maker::next).limit(10_000).toList())
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(IN_ORDER);
    }

    @Test
    void growsAlthoughTheClockStepsBack() {
        AtomicReference<Instant> now = new AtomicReference<>(NOON);
        Uuid7 maker = new Uuid7(now::get, new Random(7));
        UUID before = maker.next();
        now.set(NOON.minusSeconds(3600));
        assertThat(maker.next()).usingComparator(IN_ORDER).isGreaterThan(before);
    }

    @Test
    void isNeverGivenTwiceToManyThreads() {
        Uuid7 maker = Uuid7.system();
        List<UUID> keys = IntStream.range(0, 20_000)
                .parallel()
                .mapToObj(i -> maker.next())
                .toList();
        assertThat(keys).doesNotHaveDuplicates();
    }
}
