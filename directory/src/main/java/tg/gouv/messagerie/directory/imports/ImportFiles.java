package tg.gouv.messagerie.directory.imports;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Files that people bring to be imported: kept for a day, looked at, then imported in the background. Each is its account's alone; what is
 * another's is not there. All methods act for the account of the current circumstances, may be called from any thread that may block, and
 * throw {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
public interface ImportFiles {
    /** As many as an account has at once; the oldest goes for the next. */
    int KEPT_MAX = 5;

    /**
     * Keeps a file and looks at it: what it would change, and what is wrong with it, is there when this returns.
     *
     * @param mapping which of its columns is which of ours, as {@link Mapping#parse} reads it; may be empty
     * @param file is read to its end, a part at a time, and not closed
     * @throws ImportRefused if it is no file to import; nothing is kept
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if the account may import nothing anywhere
     */
    Kept keep(String name, String mapping, boolean activate, Locale language, InputStream file) throws IOException;

    /** A file, and how far its import is. */
    Optional<Kept> find(UUID id);

    /** All that are kept, the last one first. */
    List<Kept> list();

    /** What is wrong or strange, in the order of the file: a page after that number. */
    List<Told> problems(UUID id, int after, int limit);

    /** What would change, in the order of the file: a page after that number. */
    List<Told> changes(UUID id, int after, int limit);

    /** The refused rows as lines of CSV, ready to correct. */
    void refused(UUID id, Consumer<String> lines);

    /**
     * Begins to import a file; {@link #find} tells how far it is. One that failed, or was killed, goes on.
     *
     * @param force whether more than 2 % of the people may be renamed or removed
     * @return false if it runs already, or is done
     */
    boolean apply(UUID id, boolean force);

    /** Forgets a file; returns whether it was there. What was imported stays. */
    boolean remove(UUID id);

    /**
     * A file that is kept.
     *
     * @param done so many of so many rows that change something are written
     * @param importId by which it can be undone, once it was imported
     * @param failure why it was not imported, a sentence
     * @param guard why it is not imported unless {@link #apply} is told that this is wanted, a sentence
     */
    record Kept(
            UUID id,
            String name,
            State state,
            Imports.Kind kind,
            long done,
            long of,
            int rows,
            int made,
            int changed,
            int unchanged,
            int refused,
            Optional<UUID> importId,
            Optional<String> failure,
            Optional<String> guard) {}

    /** What became of a file. */
    enum State {
        LOOKED,
        RUNNING,
        DONE,
        FAILED
    }

    /**
     * What was told of a file.
     *
     * @param number by which the next page is asked for
     * @param line of the file
     * @param column or attribute; of a change, whom or what changes
     * @param kind the problem's word; empty for a change
     * @param otherLine the other line concerned, or 0
     * @param refuses whether the row is not imported
     * @param what is wrong, without where, or what changes, without about whom
     * @param sentence for people
     */
    record Told(
            int number,
            int line,
            String column,
            String kind,
            int otherLine,
            boolean refuses,
            String what,
            String sentence) {}
}
