package tg.gouv.messagerie.directory.imports;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Many people, entities or positions at once, out of a file. Rows that are right go in; the others come back.
 *
 * <p>Rows go in by batches, each one transaction; the second time the same file changes nothing, and an import that was killed goes on
 * when its file is imported again. One import is under way at a time over all nodes. All methods throw {@link ImportRefused} when nothing
 * is done, and {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer; batches that were
 * committed stay. May be called from any thread that may block.
 */
public interface Imports {
    /**
     * Imports a file, or says what importing it would change.
     *
     * @param file is read to its end, and not closed
     */
    Report run(Order order, InputStream file, Watch watch) throws IOException;

    /**
     * Gives back what an import of people replaced: everybody it changed is as they were, and whom it made are gone.
     *
     * @return how many people
     * @throws ImportRefused also if somebody has changed the same people since: it names them
     */
    int undo(UUID id);

    /** The last imports that who acts may see, the last one first. */
    default List<Listed> list(int most) {
        return list(Optional.empty(), most);
    }

    /**
     * The same, a page at a time.
     *
     * @param before the import before the page
     */
    List<Listed> list(Optional<UUID> before, int most);

    /** An import that who acts may see. */
    Optional<Listed> find(UUID id);

    /**
     * Whom undoing an import would give back, by their registration numbers.
     *
     * @return nobody for an import that is undone, is of no people or may not be seen
     */
    List<GivenBack> wouldGiveBack(UUID id, int most);

    /**
     * Everybody who has a registration number, every entity or every position, as a file that changes nothing when it is imported: lines
     * of CSV, in an order that does not depend on how they came.
     *
     * @return how many
     */
    long export(Kind kind, Consumer<String> lines);

    /**
     * What is to be imported, and how.
     *
     * @param name of the file, for the list
     * @param dryRun whether nothing is written
     * @param activate whether the accounts of new people are active at once
     * @param force whether more than 2 % of the people may be renamed or removed
     * @param language in which problems and changes are told
     */
    record Order(String name, Mapping mapping, boolean dryRun, boolean activate, boolean force, Locale language) {}

    /** What a file holds. */
    enum Kind {
        PEOPLE,
        ENTITIES,
        POSITIONS
    }

    /** Hears what an import does while it does it. */
    interface Watch {
        /** So many rows of so many are done. */
        void at(long done, long of);

        /** A sentence for the reader: what would change, in a dry run. */
        void change(String sentence);

        /**
         * The same, with what the sentence is made of.
         *
         * @param line of the file
         * @param whom or what changes
         * @param what about it
         */
        default void change(int line, String whom, String what, String sentence) {
            change(sentence);
        }

        /** What is wrong or strange, and the sentence for the reader. */
        void problem(Problem problem, String sentence);

        /** A line of the file of refused rows. */
        void refused(String line);

        /** In a dry run: the import will be refused so, unless it is told that this is wanted. */
        default void tooMuch(ImportRefused refusal) {}
    }

    /**
     * What an import did, or would do.
     *
     * @param id unless nothing was written
     * @param resumed whether it went on with one that was interrupted
     * @param warnings how many rows are strange, by kind; those too that were not told one by one
     */
    record Report(
            Optional<UUID> id,
            Kind kind,
            ImportFile.Format format,
            String encoding,
            String delimiter,
            boolean resumed,
            int rows,
            int made,
            int changed,
            int unchanged,
            int refused,
            Map<Problem.Kind, Integer> warnings) {
        public Report {
            warnings = Map.copyOf(warnings);
        }
    }

    /**
     * Somebody whom undoing an import gives back.
     *
     * @param number the registration number
     * @param isNew whether the import made them: they go
     */
    record GivenBack(String number, String name, boolean isNew) {}

    /**
     * An import that was.
     *
     * @param state {@code running} (or interrupted), {@code done} or {@code undone}
     */
    record Listed(
            UUID id,
            String name,
            Kind kind,
            String state,
            String askedBy,
            Instant begun,
            int rows,
            int made,
            int changed,
            int refused,
            int batches) {}
}
