package tg.gouv.messagerie.directory.signin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import tg.gouv.messagerie.platform.audit.AuditTrail;

/**
 * Tells the first of equal events at once, and those that follow within an interval together, with their number: a mail
 * client that signs in every minute, or a machine that guesses, fills no disk. The audit trail, which does the same in its own
 * interval, is told each one.
 */
public final class CoalescingSignInLog implements SignInLog, AutoCloseable {
    /** How many kinds of events an interval tells apart; the others are one line. */
    private static final int KINDS_MAX = 10_000;

    private final InstantSource clock;
    private final Duration interval;
    private final Consumer<String> lines;
    private final AuditTrail trail;
    private final Map<SignInEvent, Long> repeated = new HashMap<>();
    private long others;
    private Instant since;

    /**
     * A log of lines, and of the audit trail.
     *
     * @param lines takes each line, {@code key=value}
     */
    public CoalescingSignInLog(InstantSource clock, Duration interval, Consumer<String> lines, AuditTrail trail) {
        this.clock = clock;
        this.interval = interval;
        this.lines = lines;
        this.trail = trail;
        this.since = clock.instant();
    }

    @Override
    public void record(SignInEvent event) {
        Instant now = clock.instant();
        trail.count(event.audited(now));
        tell(event, now);
    }

    private synchronized void tell(SignInEvent event, Instant now) {
        if (!since.plus(interval).isAfter(now)) {
            tellRepeated();
            since = now;
        }
        Long before = repeated.get(event);
        if (before != null) {
            repeated.put(event, before + 1);
        } else if (repeated.size() < KINDS_MAX) {
            repeated.put(event, 0L);
            tell(event, 1);
        } else {
            others++;
        }
    }

    /** Tells what was not told yet. */
    @Override
    public synchronized void close() {
        tellRepeated();
    }

    private void tellRepeated() {
        repeated.forEach((event, times) -> {
            if (times > 0) {
                tell(event, times);
            }
        });
        repeated.clear();
        if (others > 0) {
            lines.accept("sign-in outcome=others times=" + others);
            others = 0;
        }
    }

    private void tell(SignInEvent event, long times) {
        StringBuilder line = new StringBuilder("sign-in outcome=")
                .append(event.outcome())
                .append(" actor=")
                .append(event.actor().map(Object::toString).orElse("nobody"));
        event.function().ifPresent(function -> line.append(" function=").append(function));
        line.append(" protocol=").append(event.protocol()).append(" network=").append(event.network());
        event.secret().ifPresent(secret -> line.append(" secret=").append(secret));
        line.append(" times=").append(times);
        lines.accept(line.toString());
    }
}
