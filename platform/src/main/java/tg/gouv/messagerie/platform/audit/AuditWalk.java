package tg.gouv.messagerie.platform.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The sealed trail, walked from its end to its beginning a stretch at a time, for who keeps some of its rows. May be called from any thread
 * that may block; throws {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
@FunctionalInterface
public interface AuditWalk {
    /**
     * The next stretch.
     *
     * @param before where the last one ended; absent, the end of the trail
     * @param act only rows of this act
     * @param rows how many rows are looked at, whether they match or not
     */
    Stretch stretch(OptionalLong before, Optional<String> act, int rows);

    /**
     * Where a moment is in the trail, an hour more or less: rows that stand for several times what happened come when that is over.
     *
     * @return the number of the first row that began then or later, or the one after the last; absent if this walk does not know
     */
    default OptionalLong since(Instant moment) {
        return OptionalLong.empty();
    }

    /**
     * A stretch of the trail.
     *
     * @param rows those that are about something of the directory, and of the act, the newest first
     * @param next where the next one begins; absent at the beginning of the trail
     */
    record Stretch(List<AuditAbout.Told> rows, OptionalLong next) {
        public Stretch {
            rows = List.copyOf(rows);
        }
    }
}
