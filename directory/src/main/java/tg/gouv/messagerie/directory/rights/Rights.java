package tg.gouv.messagerie.directory.rights;

import java.time.Instant;
import java.util.List;
import java.util.Map;
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

    /**
     * Who acts now has a right where a thing is, or may do everything: as {@link #may}, for who reads. That they have it not is counted in the
     * audit trail.
     *
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if they have it not
     */
    void demand(Right right, Place object);

    /**
     * What is left of the budgets within which somebody administers: of each grant that they have with {@code accountsMax} in an entity, by its
     * id.
     */
    Map<UUID, Budget> budgets(AccountId principal);

    /** What somebody may do now, by themselves or by their positions: at most 1,000 grants, the oldest first. */
    List<Given> heldBy(AccountId principal);

    /**
     * How many accounts there are in a grant's part, and how many may be made there still by who is judged.
     *
     * @param accounts of people, not closed
     * @param left 0 or more; the tightest of all budgets of the entity and of those above it decides
     */
    record Budget(int accounts, int left) {}

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
