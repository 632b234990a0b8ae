package tg.gouv.messagerie.platform.database;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes keys that sort by the time they were made: UUID version 7 (RFC 9562 section 5.7).
 *
 * <p>Each key of one maker is greater than the one before, even when the clock stands still or steps back. Any thread
 * may ask. A key tells when it was made; it is a name, never a secret.
 */
public final class Uuid7 {
    private static final int COUNTER_BITS = 12;

    private final InstantSource clock;
    private final RandomGenerator random;

    /** The last millisecond and counter handed out, as one number. */
    private final AtomicLong last = new AtomicLong();

    public Uuid7(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** A maker on this machine's clock and randomness. */
    public static Uuid7 system() {
        return new Uuid7(InstantSource.system(), new SecureRandom());
    }

    /** A key that nobody has. */
    public UUID next() {
        // RFC 9562 section 6.2 method 1: a counter starts anywhere in the lower half, so that it has room to grow;
        // when it overflows it borrows from the milliseconds.
        long fresh = clock.millis() << COUNTER_BITS | random.nextInt(1 << (COUNTER_BITS - 1));
        long ordered = last.accumulateAndGet(fresh, (before, now) -> Math.max(before + 1, now));
        long milliseconds = ordered >>> COUNTER_BITS;
        long counter = ordered & ((1 << COUNTER_BITS) - 1);
        long most = milliseconds << 16 | 0x7000 | counter;
        long least = random.nextLong() >>> 2 | Long.MIN_VALUE; // RFC 9562 section 4.1: variant 10
        return new UUID(most, least);
    }
}
