package tg.gouv.messagerie.directory.imports;

import java.util.List;
import java.util.Optional;

/** What whoever imports may do, row by row. */
public interface Permits {
    /** Everything is allowed. */
    Permits ALL = new Permits() {
        @Override
        public Optional<Refusal> refusal(PersonChange change) {
            return Optional.empty();
        }

        @Override
        public boolean sees(String entity) {
            return true;
        }
    };

    /** Why a change is not allowed, if it is not; one that is counts in the budgets for those after it. */
    Optional<Refusal> refusal(PersonChange change);

    /** Whether the private fields of the people of an entity may be shown. */
    boolean sees(String entity);

    /** Looks at what a file would change, all of it at once. */
    @FunctionalInterface
    interface Asked {
        /** What of these changes is allowed. */
        Permits of(List<PersonChange> changes);
    }

    /**
     * Why a change is not allowed.
     *
     * @param column what of the row demands it
     * @param value the right's word, or the entity whose budget is spent
     * @param where the entity in which the right is missing; empty for the whole State
     */
    record Refusal(Problem.Kind kind, PersonColumn column, String value, String where) {}
}
