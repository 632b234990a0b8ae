package tg.gouv.messagerie.directory.rights;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;

/**
 * Who may do what, as it is now. May be called from any thread that may block.
 *
 * <p>It tells what doors may show. An act is judged again in its own transaction, by what it would give or expose, and only that
 * judgement counts ({@link tg.gouv.messagerie.directory.provisioning.Provisioning}).
 *
 * <p>All methods throw {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
public interface Rights {
    /**
     * Whether somebody has a right where a thing is. Nobody has one where nothing is, nor does an account that is not active.
     *
     * @param principal a person's account
     */
    boolean may(AccountId principal, Right right, Place object);

    /** What somebody may do now, by themselves or by their positions: at most 1,000 grants, the oldest first. */
    List<Given> heldBy(AccountId principal);

    /**
     * A grant as it was given, which serves.
     *
     * @param holder of what the grant is: {@code account:0199…} or {@code position:directeur-budget}
     * @param entity the code of the part's entity; absent, the whole State
     * @param by who gave it, as the audit trail writes an actor
     */
    record Given(
            UUID id,
            String holder,
            Set<Right> rights,
            Optional<String> entity,
            OptionalInt accountsMax,
            Instant from,
            Optional<Instant> until,
            String by) {
        public Given {
            rights = Set.copyOf(rights);
        }
    }
}
