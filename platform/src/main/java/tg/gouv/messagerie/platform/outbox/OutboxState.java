package tg.gouv.messagerie.platform.outbox;

import java.time.Duration;

/**
 * How the outbox was when it was looked at last.
 *
 * @param waiting messages that are not handled yet, also those whose date is to come
 * @param oldestDue for how long the message that should have been handled first has been due
 * @param dead messages that were given up
 * @param partitions parts of the table; one that is empty and old is dropped
 * @param oldestSnapshot for how long the database's oldest open transaction has kept PostgreSQL from forgetting rows
 */
public record OutboxState(long waiting, Duration oldestDue, long dead, long partitions, Duration oldestSnapshot) {
    /** Nothing. */
    static final OutboxState EMPTY = new OutboxState(0, Duration.ZERO, 0, 0, Duration.ZERO);
}
