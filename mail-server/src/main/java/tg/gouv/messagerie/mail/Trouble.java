package tg.gouv.messagerie.mail;

import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** What a failure is to clients: every protocol tells them apart, and says nothing else about us. */
public enum Trouble {
    /** A disk is full: nothing was written, everything can be read; the same act succeeds once there is room. */
    FULL,
    /** PostgreSQL or the blob store does not answer; the same act may succeed soon. */
    AWAY,
    /** The octets that were asked for are damaged or gone; what else there is can be read. */
    DAMAGED,
    /** We are wrong. */
    OURS;

    /** What a failure, or the first of its causes that tells, is. */
    public static Trouble of(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            switch (each) {
                case StoreUnavailable store
                when store.isFull() -> {
                    return FULL;
                }
                case StoreUnavailable store
                when store.worthRetrying() -> {
                    return AWAY;
                }
                case BlobsUnavailable blobs
                when blobs.isFull() -> {
                    return FULL;
                }
                case BlobsUnavailable blobs
                when blobs.getCause() instanceof StoreUnavailable store -> {
                    return of(store);
                }
                case BlobsUnavailable _ -> {
                    return AWAY;
                }
                case CorruptBlob _ -> {
                    return DAMAGED;
                }
                default -> {
                    // its cause may tell
                }
            }
        }
        return OURS;
    }
}
