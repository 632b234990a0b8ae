package tg.gouv.messagerie.platform.backup;

/** Whoever watches a backup or a restore; called from several threads, often, and returns at once. */
@FunctionalInterface
public interface Progress {
    /** Nobody watches. */
    Progress NONE = (_, _, _) -> {};

    /** What is being done. */
    enum Step {
        /** Rows are copied out; bytes, of about so many. */
        DATABASE,
        /** Objects are copied out; objects, of an unknown number. */
        OBJECTS,
        /** Settings and keys are copied out; files. */
        FILES,
        /** Everything in a backup is compared with what was written; bytes. */
        CHECK,
        /** Rows are brought back; rows. */
        ROWS,
        /** Objects are brought back; objects. */
        OBJECTS_BACK
    }

    /**
     * So far it is.
     *
     * @param of how much there is, 0 if that is unknown
     */
    void at(Step step, long done, long of);
}
