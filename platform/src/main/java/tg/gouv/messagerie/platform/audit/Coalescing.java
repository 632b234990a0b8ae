package tg.gouv.messagerie.platform.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * Each kind of event has a count. The count is written when the kind is new, and again, with what came since, when its
 * interval is over; a kind that was silent for an interval is forgotten. What a failed write could not say stays counted.
 */
/** Events that come often, counted in bounded memory and written as one row per kind and interval. */
final class Coalescing {
    private final InstantSource clock;
    private final Duration interval;
    private final int kindsMax;
    private final Uuid7 ids;
    private final Map<Facts, Count> counts = new HashMap<>();

    Coalescing(InstantSource clock, Duration interval, int kindsMax, Uuid7 ids) {
        this.clock = clock;
        this.interval = interval;
        this.kindsMax = kindsMax;
        this.ids = ids;
    }

    /** Counts an event; returns at once. */
    synchronized void count(AuditEvent.Frequent event) {
        Facts facts = Facts.of(event);
        // « Others » may be more than the bound: there are as many of them as acts and outcomes.
        Facts kind = counts.containsKey(facts) || counts.size() < kindsMax ? facts : facts.others();
        Instant at = event.circumstances().at();
        counts.computeIfAbsent(kind, _ -> new Count()).add(at, at, 1);
    }

    /** Writes what is due; what cannot be written now is due the next time. */
    void flush(Consumer<List<Row>> writing) {
        write(due(false), writing);
    }

    /** Writes everything that was counted. */
    void flushAll(Consumer<List<Row>> writing) {
        write(due(true), writing);
    }

    private void write(List<Row> rows, Consumer<List<Row>> writing) {
        if (rows.isEmpty()) {
            return;
        }
        try {
            writing.accept(rows);
        } catch (StoreUnavailable e) {
            giveBack(rows);
            throw e;
        }
    }

    private synchronized List<Row> due(boolean everything) {
        Instant now = clock.instant();
        List<Row> rows = new ArrayList<>();
        for (Iterator<Map.Entry<Facts, Count>> each = counts.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Facts, Count> entry = each.next();
            Count count = entry.getValue();
            boolean over = count.said != null && !count.said.plus(interval).isAfter(now);
            if (count.times > 0 && (everything || over || count.said == null)) {
                rows.add(new Row(ids.next(), Row.FORMAT, count.began, count.ended, count.times, entry.getKey()));
                count.said(now);
            } else if (over) {
                each.remove();
            }
        }
        return rows;
    }

    private synchronized void giveBack(List<Row> rows) {
        for (Row row : rows) {
            Count count = counts.computeIfAbsent(row.facts(), _ -> new Count());
            count.add(row.began(), row.ended(), row.times());
            count.said = null;
        }
    }

    /** What is known of a kind and was not written yet. */
    private static final class Count {
        private Instant began = Instant.MAX;
        private Instant ended = Instant.MIN;
        private long times;

        /** When it was written last; null if it never was. */
        private @Nullable Instant said;

        void add(Instant first, Instant last, long more) {
            began = first.isBefore(began) ? first : began;
            ended = last.isAfter(ended) ? last : ended;
            times += more;
        }

        void said(Instant now) {
            began = Instant.MAX;
            ended = Instant.MIN;
            times = 0;
            said = now;
        }
    }
}
