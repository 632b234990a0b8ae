package tg.gouv.messagerie.platform.audit;

import java.time.Instant;
import java.util.UUID;

/** The first thing in the trail that does not fit. */
public sealed interface Fault {
    /** A row is not as it was sealed, or the one before it is not. */
    record RowAltered(long number, UUID id, Instant began, String act) implements Fault {}

    /** A row was removed. */
    record RowMissing(long number) implements Fault {}

    /** The last rows were removed, with every trace of them in the database; the heads outside know of them. */
    record TailMissing(long firstMissing, long lastKnownOutside) implements Fault {}

    /** Rows were put behind the end of the chain without the sealer. */
    record RowsBehindTheEnd(long end) implements Fault {}

    /** The last rows are under no signed head. */
    record HeadMissing(long number) implements Fault {}

    /** A head in the database is not signed by whom it names, or not for this chain and number. */
    record HeadForged(long number) implements Fault {}

    /** A head in the database stands for other rows than those that are there: rows since the last good head were rewritten. */
    record HeadDiffers(long lastGood, long number) implements Fault {}

    /** A head outside is not signed by whom it names, or is of another chain. */
    record OutsideHeadForged(long number) implements Fault {}

    /** A head outside stands for other rows than those that are there: rows since the last good head were rewritten. */
    record OutsideHeadDiffers(long lastGood, long number) implements Fault {}

    /** Heads were brought outside that are not there any more. */
    record OutsideHeadsMissing(long lastThere, long lastBrought) implements Fault {}

    /** Heads are signed with a key that no head outside knows. */
    record KeyUnknownOutside(long number) implements Fault {}

    /** The database has no chain. */
    record ChainMissing() implements Fault {}
}
