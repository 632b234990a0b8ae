package tg.gouv.messagerie.platform.backup;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.database.Copying;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * Rows are read at one moment, objects after it: an object that such a row names must not be removed in between. Whoever removes
 * objects first commits that no row names them, then asks here and, in the same transaction, reads which these are. If the answer
 * was yes, the hold was taken later, the snapshot even later, and the snapshot shows none of these rows. If it was no, the objects
 * wait for the next sweep. The lock is PostgreSQL's, so that it holds for every node, and ends with whoever held it.
 */
/** While a backup is made no object is removed, on whatever node. */
public final class DeletionHold {
    private static final Logger LOG = LoggerFactory.getLogger(DeletionHold.class);

    /** Ours among the advisory locks of the database; any number nobody else uses. */
    private static final long LOCK = 0x6261_636b_7570_0001L;

    private DeletionHold() {}

    /**
     * Whether objects may be removed that no row names, as far as this transaction sees; asked in the transaction that reads which
     * objects these are, before it does.
     */
    public static boolean allowsDeletion(Connection transaction) throws SQLException {
        return Sql.first(transaction, row -> row.getBoolean(1), "select pg_try_advisory_xact_lock_shared(?)", LOCK)
                .orElse(false);
    }

    /**
     * Holds deletion until closed, as every backup does.
     *
     * @throws BackupRefused if a backup is being made
     */
    public static AutoCloseable take(Copying copying) {
        return copying.lock(LOCK)
                .orElseThrow(() -> new BackupRefused(
                        BackupRefused.Kind.BUSY,
                        "Another backup of this database is being made: wait until it is over."));
    }

    /** Ends it; PostgreSQL does so anyway when the connection ends. */
    static void release(AutoCloseable hold) {
        try {
            hold.close();
        } catch (Exception e) {
            LOG.warn("event=backup-hold-lost reason=\"{}\"", e.toString());
        }
    }
}
